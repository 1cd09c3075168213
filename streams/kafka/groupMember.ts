// Membership of a consumer group: joins, keeps its place by heartbeats, and moves when the group does. What stays is read
// and committed on through all of it; a partition that is to go is let go of between two transactions, and only then joins
// the member anew, so that another one may have it.
import { setTimeout as sleep } from 'node:timers/promises'
import { type KafkaClient, MemberAssignment } from './kafkaClient.ts'
import { asLogError, brokerCodeOf, brokerCodes, movedCodes } from './kafkaErrors.ts'
import type { Membership, PartitionPlace } from './kafkaRequests.ts'
import { decodeReader, encodeReader, sharePartitions } from './stickyShare.ts'

export interface GroupOptions {
  readonly groupId: string
  /** As the brokers name them. */
  readonly topics: readonly string[]
  readonly partitionsOf: (topic: string) => number
  /** A member silent for this long is out. */
  readonly sessionTimeoutMs: number
}

export interface NewShare {
  /** Stay as they are. */
  readonly kept: readonly PartitionPlace[]
  /** To be let go of once what was begun of them is committed; whatever is named nowhere is gone already. */
  readonly leaving: readonly PartitionPlace[]
  /** Begin at what is committed. */
  readonly gained: readonly PartitionPlace[]
}

export interface GroupOwner {
  /** What it reads, and what it has not let go of yet. */
  held(): readonly PartitionPlace[]
  assigned(share: NewShare): Promise<void>
  /** Resolves when nothing of what is leaving is left uncommitted, or when that takes too long. */
  letGo(): Promise<void>
  failed(error: unknown): void
}

const PROTOCOL = 'birthline-stays'
/** What others wait for this member to join anew; it does so at its next heartbeat. */
const REBALANCE_TIMEOUT_MS = 15_000
const HEARTBEATS_PER_SESSION = 10

export class GroupMember {
  readonly #client: KafkaClient
  readonly #options: GroupOptions
  readonly #owner: GroupOwner
  readonly #closing = new AbortController()
  #member: Membership = { memberId: '', generation: -1 }
  #joining: Promise<void> | null
  readonly #ended: Promise<void>

  constructor(client: KafkaClient, options: GroupOptions, owner: GroupOwner) {
    this.#client = client
    this.#options = options
    this.#owner = owner
    this.#joining = this.#join()
    // Whoever waits for it is told; nobody may wait.
    this.#joining.catch(() => {})
    this.#ended = this.#beat()
  }

  get membership(): Membership {
    return this.#member
  }

  /** Resolves while the member has a place in the group; rejects when it could not join. */
  async settled(): Promise<void> {
    while (this.#joining !== null && this.#member.generation < 0) await this.#joining
  }

  /** Resolves when the group is at rest, as far as this member knows. */
  async rested(): Promise<void> {
    while (this.#joining !== null) await this.#joining
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    await this.#ended
    const { memberId } = this.#member
    if (memberId === '') return
    try {
      const node = await this.#client.coordinator('group', this.#options.groupId)
      await node.leaveGroup({ groupId: this.#options.groupId, memberId })
    } catch {
      // Then the group finds out by its silence.
    }
  }

  async #beat(): Promise<void> {
    const { signal } = this.#closing
    const everyMs = Math.ceil(this.#options.sessionTimeoutMs / HEARTBEATS_PER_SESSION)
    try {
      while (!signal.aborted) {
        await this.rested()
        await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {})
        if (signal.aborted || this.#joining !== null) continue
        const code = await this.#heartbeat()
        if (code !== null) this.#rejoin(code === brokerCodes.rebalancing)
      }
    } catch (error) {
      this.#owner.failed(asLogError(error, []))
    }
  }

  /** Still sends heartbeats, then joins anew without what has left. */
  async #release(): Promise<void> {
    await this.#owner.letGo()
    // Where nothing was begun, the joining that said what leaves is not over yet.
    await this.rested().catch(() => {})
    if (!this.#closing.signal.aborted) this.#rejoin(true)
  }

  #rejoin(isContinuous: boolean): void {
    if (this.#joining !== null) return
    if (!isContinuous) this.#member = { memberId: this.#member.memberId, generation: -1 }
    this.#joining = this.#join()
    this.#joining.catch(() => {})
  }

  /** @returns the code that says the group has moved, or null where all is as it was */
  async #heartbeat(): Promise<number | null> {
    const { groupId } = this.#options
    const { memberId, generation } = this.#member
    try {
      await this.#client.persist(async () => {
        const node = await this.#client.coordinator('group', groupId)
        await node.heartbeat({ groupId, groupGenerationId: generation, memberId })
      })
      return null
    } catch (error) {
      const code = brokerCodeOf(error)
      if (code !== null && movedCodes.has(code)) return code
      throw error
    }
  }

  async #join(): Promise<void> {
    try {
      for (;;) {
        try {
          await this.#joinOnce()
          return
        } catch (error) {
          const code = brokerCodeOf(error)
          if (this.#closing.signal.aborted || code === null || !movedCodes.has(code)) throw error
          // Whoever missed a generation cannot know who had its partitions meanwhile.
          const memberId = code === brokerCodes.unknownMember ? '' : this.#member.memberId
          this.#member = { memberId, generation: code === brokerCodes.unknownMember ? -1 : this.#member.generation }
        }
      }
    } finally {
      this.#joining = null
    }
  }

  async #joinOnce(): Promise<void> {
    const { groupId, topics, sessionTimeoutMs } = this.#options
    const before = this.#member
    const { joined, assignment } = await this.#client.persist(async () => {
      const node = await this.#client.coordinator('group', groupId)
      const { generation } = this.#member
      const held = generation < 0 ? [] : this.#owner.held()
      const metadata = encodeReader({ topics, generation, held })
      const joined = await node.joinGroup({
        groupId,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: REBALANCE_TIMEOUT_MS,
        memberId: this.#member.memberId,
        groupProtocols: [{ name: PROTOCOL, metadata }],
      })
      this.#member = { memberId: joined.memberId, generation: this.#member.generation }
      const isLeader = joined.leaderId === joined.memberId
      const synced = await node.syncGroup({
        groupId,
        generationId: joined.generationId,
        memberId: joined.memberId,
        groupAssignment: isLeader ? this.#share(joined.members) : [],
      })
      return { joined, assignment: MemberAssignment.decode(synced.memberAssignment)?.assignment ?? {} }
    })
    const places = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map(partition => ({ topic, partition })),
    )
    const isContinuous = before.memberId === joined.memberId && joined.generationId === before.generation + 1
    const held = isContinuous ? this.#owner.held() : []
    const isIn = (list: readonly PartitionPlace[], place: PartitionPlace) =>
      list.some(({ topic, partition }) => topic === place.topic && partition === place.partition)
    const leaving = held.filter(place => !isIn(places, place))
    this.#member = { memberId: joined.memberId, generation: joined.generationId }
    await this.#owner.assigned({
      kept: places.filter(place => isIn(held, place)),
      leaving,
      gained: places.filter(place => !isIn(held, place)),
    })
    if (leaving.length > 0) this.#release().catch(error => this.#owner.failed(error))
  }

  #share(
    members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[],
  ): { readonly memberId: string; readonly memberAssignment: Buffer }[] {
    const readers = members.map(({ memberId, memberMetadata }) => decodeReader(memberId, memberMetadata))
    return [...sharePartitions(readers, this.#options.partitionsOf)].map(([memberId, places]) => {
      const assignment: Record<string, number[]> = {}
      for (const { topic, partition } of places) assignment[topic] = [...(assignment[topic] ?? []), partition]
      return { memberId, memberAssignment: MemberAssignment.encode({ version: 1, assignment }) }
    })
  }
}

// Membership of a consumer group: joins, keeps its place by heartbeats, and moves when the group does. Before it joins
// anew it lets its owner finish what it has begun, so that a partition changes hands between two transactions.
import { setTimeout as sleep } from 'node:timers/promises'
import { type KafkaClient, MemberAssignment, MemberMetadata } from './kafkaClient.ts'
import { asLogError, brokerCodeOf, brokerCodes, movedCodes } from './kafkaErrors.ts'
import type { Membership, PartitionPlace } from './kafkaRequests.ts'

export interface GroupOptions {
  readonly groupId: string
  /** As the brokers name them. */
  readonly topics: readonly string[]
  readonly partitionsOf: (topic: string) => number
  /** A member silent for this long is out. */
  readonly sessionTimeoutMs: number
}

export interface GroupOwner {
  /** Resolves when nothing that was begun is left uncommitted, or when that takes too long. */
  finish(): Promise<void>
  /** `kept` stay as they are; `gained` begin at what is committed; all others are gone. */
  assigned(kept: readonly PartitionPlace[], gained: readonly PartitionPlace[]): Promise<void>
  failed(error: unknown): void
}

const PROTOCOL = 'birthline-turns'
/** What others wait for this member to finish its transaction and join. */
const REBALANCE_TIMEOUT_MS = 30_000
const HEARTBEATS_PER_SESSION = 10

export class GroupMember {
  readonly #client: KafkaClient
  readonly #options: GroupOptions
  readonly #owner: GroupOwner
  readonly #closing = new AbortController()
  #member: Membership = { memberId: '', generation: -1 }
  #assignment: readonly PartitionPlace[] = []
  #joining: Promise<void> | null
  #moving: Promise<void> | null = null
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

  /** Whether partitions are about to move: nothing new should be begun. */
  get isMoving(): boolean {
    return this.#moving !== null
  }

  /** Resolves while the member has its place in the group; rejects when it could not join. */
  async settled(): Promise<void> {
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
        await this.settled()
        await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {})
        if (signal.aborted || this.#joining !== null) continue
        const code = await this.#heartbeat()
        if (code === brokerCodes.rebalancing) this.#moving ??= this.#move()
        else if (code !== null) this.#rejoin(false)
      }
    } catch (error) {
      this.#owner.failed(asLogError(error, []))
    }
  }

  /** Finishes, still sending heartbeats, then joins anew. */
  async #move(): Promise<void> {
    await this.#owner.finish()
    if (!this.#closing.signal.aborted) this.#rejoin(true)
    this.#moving = null
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
      const metadata = MemberMetadata.encode({ version: 1, topics })
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
    const had = new Set(isContinuous ? this.#assignment.map(nameOf) : [])
    this.#member = { memberId: joined.memberId, generation: joined.generationId }
    this.#assignment = places
    await this.#owner.assigned(
      places.filter(place => had.has(nameOf(place))),
      places.filter(place => !had.has(nameOf(place))),
    )
  }

  /** Partitions of each topic go round the members that read it, each topic beginning with another one. */
  #share(
    members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[],
  ): { readonly memberId: string; readonly memberAssignment: Buffer }[] {
    const readers = members.map(({ memberId, memberMetadata }) => ({
      memberId,
      topics: MemberMetadata.decode(memberMetadata).topics,
      assignment: {} as Record<string, number[]>,
    }))
    readers.sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    const topics = [...new Set(readers.flatMap(reader => reader.topics))].sort()
    topics.forEach((topic, turn) => {
      const subscribed = readers.filter(reader => reader.topics.includes(topic))
      for (let partition = 0; partition < this.#options.partitionsOf(topic); partition++) {
        const { assignment } = subscribed[(partition + turn) % subscribed.length]
        assignment[topic] = [...(assignment[topic] ?? []), partition]
      }
    })
    return readers.map(({ memberId, assignment }) => ({
      memberId,
      memberAssignment: MemberAssignment.encode({ version: 1, assignment }),
    }))
  }
}

function nameOf({ topic, partition }: PartitionPlace): string {
  return `${topic}/${partition}`
}

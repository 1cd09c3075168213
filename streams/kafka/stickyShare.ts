// How a group's leader shares partitions out: each reader as many as any other, give or take one, and what a reader holds
// stays with it where that is possible. What must move is given to nobody until its holder has let go of it, so nobody
// else has to stop for it.
import { MemberMetadata } from './kafkaClient.ts'
import type { PartitionPlace } from './kafkaRequests.ts'

export interface GroupReader {
  readonly memberId: string
  readonly topics: readonly string[]
  /** Of what it holds; -1 holds nothing. Only what was held in the group's last generation counts. */
  readonly generation: number
  readonly held: readonly PartitionPlace[]
}

/** What a member says of itself when it joins. */
export function encodeReader({ topics, generation, held }: Omit<GroupReader, 'memberId'>): Buffer {
  const userData = Buffer.from(JSON.stringify([generation, ...held.map(({ topic, partition }) => [topic, partition])]))
  return MemberMetadata.encode({ version: 1, topics, userData })
}

export function decodeReader(memberId: string, metadata: Buffer): GroupReader {
  const { topics, userData } = MemberMetadata.decode(metadata)
  const [generation, ...held] = JSON.parse(userData.toString()) as [number, ...[string, number][]]
  return { memberId, topics, generation, held: held.map(([topic, partition]) => ({ topic, partition })) }
}

/** @returns what each member may read from now on */
export function sharePartitions(
  readers: readonly GroupReader[],
  partitionsOf: (topic: string) => number,
): ReadonlyMap<string, readonly PartitionPlace[]> {
  const newest = Math.max(0, ...readers.map(({ generation }) => generation))
  const shares = new Map<string, PartitionPlace[]>(readers.map(({ memberId }) => [memberId, []]))
  /** Partitions of each member, those it is yet to get included. */
  const loads = new Map<string, number>(readers.map(({ memberId }) => [memberId, 0]))
  for (const topic of [...new Set(readers.flatMap(reader => reader.topics))].sort()) {
    const holders = new Map<number, string>()
    for (const { memberId, generation, held } of readers) {
      if (generation !== newest) continue
      for (const place of held) if (place.topic === topic) holders.set(place.partition, memberId)
    }
    const subscribed = readers.filter(reader => reader.topics.includes(topic)).map(({ memberId }) => memberId)
    for (const [partition, memberId] of targets(subscribed, holders, partitionsOf(topic), loads)) {
      const holder = holders.get(partition)
      if (holder === undefined || holder === memberId) shares.get(memberId)?.push({ topic, partition })
    }
  }
  return shares
}

/** Who is to have each partition of one topic in the end. */
function targets(
  members: readonly string[],
  holders: ReadonlyMap<number, string>,
  partitions: number,
  loads: Map<string, number>,
): ReadonlyMap<number, string> {
  const loadOf = (member: string) => loads.get(member) ?? 0
  const byLoad = (a: string, b: string) => loadOf(a) - loadOf(b) || (a < b ? -1 : 1)
  const heldBy = (member: string) => [...holders.values()].filter(holder => holder === member).length
  const order = [...members].sort((a, b) => heldBy(b) - heldBy(a) || byLoad(a, b))
  const remainder = partitions % members.length
  const room = new Map(
    order.map((member, i) => [member, Math.floor(partitions / members.length) + (i < remainder ? 1 : 0)]),
  )
  const found = new Map<number, string>()
  const give = (partition: number, member: string) => {
    found.set(partition, member)
    room.set(member, (room.get(member) ?? 0) - 1)
    loads.set(member, loadOf(member) + 1)
  }
  const all = Array.from({ length: partitions }, (_, partition) => partition)
  for (const partition of all) {
    const holder = holders.get(partition)
    if (holder !== undefined && (room.get(holder) ?? 0) > 0) give(partition, holder)
  }
  for (const partition of all) {
    if (found.has(partition)) continue
    const [member] = members.filter(one => (room.get(one) ?? 0) > 0).sort(byLoad)
    give(partition, member)
  }
  return found
}

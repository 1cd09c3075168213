// Judges, when all is over, what a log holds by what its writers and readers say they did and saw.
import type { HistoryLine, ProofPlace, ProofRecord } from './proofHistory.ts'

/** A record as it lies in the log. */
export interface Sighting extends ProofRecord {
  readonly partition: number
  readonly offset: number
}

export interface Evidence {
  readonly history: readonly HistoryLine[]
  /** All that is in the topic the writers wrote to, each partition in order. */
  readonly source: readonly Sighting[]
  /** All that copiers made of it, with the number that each record is of its key, by the state they keep. */
  readonly copies: readonly (Sighting & { readonly number: number })[]
  /** As the readers name them. */
  readonly sourceTopic: string
  readonly copyTopic: string
}

export interface Verdict {
  readonly acknowledged: number
  /** Aborted on purpose, or left open, or refused by the log. */
  readonly aborted: number
  /** Nobody was told how they ended: whole, or absent. */
  readonly unknownWhole: number
  readonly unknownAbsent: number
  readonly records: number
  /** What readers saw. */
  readonly sightings: number
  /** Sentences; none when all is as promised. */
  readonly faults: readonly string[]
}

interface Written {
  readonly records: readonly ProofRecord[]
  outcome: 'acknowledged' | 'aborted' | 'unknown'
  places: readonly ProofPlace[]
}

export function checkHistory(evidence: Evidence): Verdict {
  const faults: string[] = []
  const transactions = outcomesOf(evidence.history, faults)
  const inSource = byId(evidence.source)
  const count = { acknowledged: 0, aborted: 0, unknownWhole: 0, unknownAbsent: 0 }
  const known = new Set<string>()
  for (const [name, { records, outcome, places }] of transactions) {
    for (const { id } of records) known.add(id)
    const found = records.filter(({ id }) => inSource.has(id)).length
    if (outcome === 'unknown') {
      if (found === 0) count.unknownAbsent += 1
      else count.unknownWhole += 1
      if (found > 0 && found < records.length)
        faults.push(`torn: ${found} of ${records.length} records of ${name} are there`)
      continue
    }
    count[outcome] += 1
    if (outcome === 'aborted') {
      if (found > 0) faults.push(`aborted and there: ${found} records of ${name}`)
      continue
    }
    records.forEach(({ id }, i) => {
      const there = inSource.get(id)?.[0]
      if (there === undefined) faults.push(`lost: ${id} was acknowledged`)
      else if (there.partition !== places[i]?.partition || there.offset !== places[i]?.offset)
        faults.push(`elsewhere: ${id} is not where it was acknowledged`)
    })
  }
  for (const id of inSource.keys()) if (!known.has(id)) faults.push(`from nowhere: ${id}`)
  checkOnceInOrder('source', evidence.source, inSource, faults)
  checkCopies(evidence, inSource, faults)
  const sightings = checkSessions(evidence, faults)
  return { ...count, records: evidence.source.length, sightings, faults }
}

function outcomesOf(history: readonly HistoryLine[], faults: string[]): Map<string, Written> {
  const transactions = new Map<string, Written>()
  for (const line of history) {
    if (line.op === 'seen') continue
    if (line.op === 'begin') {
      if (transactions.has(line.transaction)) faults.push(`begun twice: ${line.transaction}`)
      const outcome = line.willCommit ? 'unknown' : 'aborted'
      transactions.set(line.transaction, { records: line.records, outcome, places: [] })
      continue
    }
    const written = transactions.get(line.transaction)
    if (written === undefined) {
      faults.push(`ended and not begun: ${line.transaction}`)
      continue
    }
    if (line.op === 'acknowledged') {
      if (written.outcome === 'aborted') faults.push(`aborted and acknowledged: ${line.transaction}`)
      written.outcome = 'acknowledged'
      written.places = line.places
    } else if (line.op === 'refused') written.outcome = 'aborted'
  }
  return transactions
}

/** No id twice, each key in one partition and growing there. */
function checkOnceInOrder(
  name: string,
  records: readonly Sighting[],
  ids: ReadonlyMap<string, readonly Sighting[]>,
  faults: string[],
): void {
  for (const [id, places] of ids)
    if (places.length > 1) faults.push(`doubled: ${name} has ${id} ${places.length} times`)
  const last = new Map<string, Sighting>()
  for (const record of records) {
    const before = last.get(record.key)
    if (before !== undefined && before.partition !== record.partition)
      faults.push(`scattered: ${name} has key ${record.key} in partitions ${before.partition} and ${record.partition}`)
    else if (before !== undefined && before.sequence >= record.sequence)
      faults.push(`reordered: ${name} has ${record.id} behind ${before.id}`)
    last.set(record.key, record)
  }
}

/** What is in the source is copied once, counted without a gap, and nothing else is. */
function checkCopies({ copies, source }: Evidence, inSource: ReadonlyMap<string, unknown>, faults: string[]): void {
  const inCopies = byId(copies)
  for (const { id } of source) if (!inCopies.has(id)) faults.push(`not copied: ${id}`)
  for (const id of inCopies.keys()) if (!inSource.has(id)) faults.push(`copied from nowhere: ${id}`)
  checkOnceInOrder('the copy', copies, inCopies, faults)
  const numbers = new Map<string, number>()
  for (const { id, key, number } of copies) {
    const due = (numbers.get(key) ?? 0) + 1
    if (number !== due) faults.push(`state out of step: ${id} is number ${number} of its key instead of ${due}`)
    numbers.set(key, number)
  }
}

/** Each reader saw, from where it began to where it ended, what is there now, and never went back. */
function checkSessions({ history, source, copies, sourceTopic, copyTopic }: Evidence, faults: string[]): number {
  const partitions = new Map<string, Sighting[]>()
  for (const [topic, there] of [
    [sourceTopic, source],
    [copyTopic, copies],
  ] as const) {
    for (const record of there) {
      const name = `${topic}/${record.partition}`
      const records = partitions.get(name) ?? []
      records.push(record)
      partitions.set(name, records)
    }
  }
  const sessions = new Map<string, { readonly place: string; readonly seen: { offset: number; id: string }[] }>()
  let sightings = 0
  for (const line of history) {
    if (line.op !== 'seen') continue
    sightings += 1
    const place = `${line.at.topic}/${line.at.partition}`
    const name = `${line.session} ${place}`
    const session = sessions.get(name) ?? { place, seen: [] }
    const before = session.seen.at(-1)
    if (before !== undefined && before.offset >= line.at.offset)
      faults.push(`went back: ${name} gave offset ${line.at.offset} after ${before.offset}`)
    session.seen.push({ offset: line.at.offset, id: line.id })
    sessions.set(name, session)
  }
  for (const [name, { place, seen }] of sessions) {
    const offsets = [seen[0].offset, seen[seen.length - 1].offset]
    const [first, last] = [Math.min(...offsets), Math.max(...offsets)]
    const saw = new Map(seen.map(({ offset, id }) => [offset, id]))
    const there = (partitions.get(place) ?? []).filter(({ offset }) => offset >= first && offset <= last)
    for (const { offset, id } of there) {
      if (!saw.has(offset)) faults.push(`passed over: ${name} did not give ${id} at offset ${offset}`)
      else if (saw.get(offset) !== id) faults.push(`changed: ${name} gave ${saw.get(offset)} where ${id} is`)
      saw.delete(offset)
    }
    for (const [offset, id] of saw) faults.push(`gone: ${name} gave ${id} at offset ${offset}`)
  }
  return sightings
}

function byId<T extends Sighting>(records: readonly T[]): Map<string, T[]> {
  const ids = new Map<string, T[]>()
  for (const record of records) {
    const places = ids.get(record.id)
    if (places === undefined) ids.set(record.id, [record])
    else places.push(record)
  }
  return ids
}

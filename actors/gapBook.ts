// What is missing that ought to follow on, until it is written to the topic of gaps.
import { type Gap, publish } from '../schemas/index.ts'

export type NewGap = Omit<Gap, 'process' | 'topic' | 'partition' | 'fromOffset' | 'toOffset'> &
  Partial<Pick<Gap, 'topic' | 'partition' | 'fromOffset' | 'toOffset'>>

export class GapBook {
  readonly #process: string
  /** By kind and place: those of one that wait are told as one, so that they stay few while the log takes none. */
  #waiting = new Map<string, Gap>()
  /** One past the last record of a place that was told as unread: whoever reads it again passes it over again. */
  readonly #unreadEnds = new Map<string, number>()

  constructor(process: string) {
    this.#process = process
  }

  add(gap: NewGap): void {
    publish('gap', { kind: gap.kind, count: Number(gap.count) })
    this.#put({ topic: null, partition: null, fromOffset: null, toOffset: null, ...gap, process: this.#process })
  }

  /** @param where as the channel `unread` says it, such as `posteriors/0/12` */
  addUnread(where: string, atMs: bigint): void {
    const [, topic, partition, digits] = /^(.+)\/(\d+)\/(\d+)$/.exec(where) ?? []
    if (topic === undefined) return
    const lane = `${topic}/${partition}`
    const offset = Number(digits)
    if (offset < (this.#unreadEnds.get(lane) ?? 0)) return
    this.#unreadEnds.set(lane, offset + 1)
    this.add({
      ...{ kind: 'unread', fromMs: atMs, toMs: atMs, count: 1n, topic, partition: Number(partition) },
      ...{ fromOffset: BigInt(offset), toOffset: BigInt(offset + 1) },
      what: `Records of ${lane} were written by a newer birthline and passed over: update this one.`,
    })
  }

  /** Those that wait; they are put back where they could not be written. */
  take(): readonly Gap[] {
    const gaps = [...this.#waiting.values()]
    this.#waiting = new Map()
    return gaps
  }

  putBack(gaps: readonly Gap[]): void {
    const later = this.take()
    for (const gap of [...gaps, ...later]) this.#put(gap)
  }

  #put(gap: Gap): void {
    const key = `${gap.kind}\n${gap.topic}\n${gap.partition}`
    const known = this.#waiting.get(key)
    const joined =
      known === undefined ? gap : { ...known, toMs: gap.toMs, toOffset: gap.toOffset, count: known.count + gap.count }
    this.#waiting.set(key, joined)
  }
}

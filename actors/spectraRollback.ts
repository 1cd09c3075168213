// The spectra of a delivery taken back: into the topic of spectra goes what stood before each of them, and that it stands no
// more itself. The fusion lets go of what is of that delivery, and of nothing else: what goes through twice changes nothing twice.
import { decode, encode, type Spectrum } from '../schemas/index.ts'
import type { Log, LogRecord, Output } from '../streams/index.ts'
import type { DeliveryControl } from './fileSource.ts'
import { ordinalOf } from './revision.ts'
import { identityOf, withdrawalOf } from './starSpectrum.ts'

/** Each spectrum that another delivery had too is restored, each that none had is withdrawn; whenever it was. */
export interface SpectraTally {
  readonly restoredCount: number
  readonly withdrawnCount: number
}

export interface SpectraPlan {
  readonly ordinal: bigint
  isTakenBack(ordinal: bigint): boolean
}

/** What the log has of one spectrum of the delivery, by places in it. */
interface Taken {
  /** The newest of the delivery itself. */
  own: string
  /** The newest of another delivery that stands, which is of this revision. */
  other: string | null
  otherRevision: bigint
  isRestored: boolean
  isWithdrawn: boolean
}

/**
 * Three passes over the topic of spectra. Memory grows with the number of spectra in the delivery, not with their pixels.
 * @param write a batch of records
 */
export async function takeSpectraBack(
  log: Log,
  plan: SpectraPlan,
  control: DeliveryControl,
  write: (outputs: readonly Output[]) => Promise<unknown>,
): Promise<{ readonly sentCount: number; readonly spectra: SpectraTally }> {
  const { byIdentity, keys } = await spectraOf(log, plan.ordinal, control.signal)
  await findOthers(log, plan, { byIdentity, keys }, control.signal)
  const all = [...byIdentity.values()]
  const restoredCount = all.filter(({ other }) => other !== null).length
  const spectra = { restoredCount, withdrawnCount: all.length - restoredCount }
  const wanted = new Set<string>()
  for (const { own, other, isRestored, isWithdrawn } of all) {
    if (other !== null && !isRestored) wanted.add(other)
    if (!isWithdrawn) wanted.add(own)
  }
  let sentCount = 0
  if (wanted.size === 0) return { sentCount, spectra }
  for await (const records of batchesOf(log, control.signal)) {
    const outputs = records.flatMap(record => {
      if (!wanted.has(placeOf(record))) return []
      const spectrum = decode('spectrum', record.value ?? new Uint8Array())
      const isOwn = ordinalOf(spectrum.revision ?? 0n) === plan.ordinal
      const answer = isOwn ? withdrawalOf(spectrum, plan.ordinal) : { ...spectrum, takesBack: plan.ordinal }
      return [{ topic: 'spectra', key: record.key, value: encode('spectrum', answer) }]
    })
    if (outputs.length === 0) continue
    await control.waitForRoom()
    if (control.signal.aborted) break
    await write(outputs)
    sentCount += outputs.length
  }
  return { sentCount, spectra }
}

interface Found {
  readonly byIdentity: ReadonlyMap<string, Taken>
  /** Of the records, among which alone another of the same identity can be. */
  readonly keys: ReadonlySet<string>
}

async function spectraOf(log: Log, ordinal: bigint, signal: AbortSignal): Promise<Found> {
  const byIdentity = new Map<string, Taken>()
  const keys = new Set<string>()
  for await (const records of batchesOf(log, signal)) {
    for (const record of records) {
      const spectrum = delivered(record)
      if (spectrum === null || ordinalOf(spectrum.revision ?? 0n) !== ordinal) continue
      const identity = identityOf(spectrum)
      if (identity === null) continue
      const none = { other: null, otherRevision: 0n, isRestored: false, isWithdrawn: false }
      byIdentity.set(identity, { ...none, own: placeOf(record) })
      keys.add(record.key ?? '')
    }
  }
  return { byIdentity, keys }
}

/** And what an earlier run of this rollback, that was cut off, has written. */
async function findOthers(
  log: Log,
  plan: SpectraPlan,
  { byIdentity, keys }: Found,
  signal: AbortSignal,
): Promise<void> {
  if (byIdentity.size === 0) return
  for await (const records of batchesOf(log, signal)) {
    for (const record of records) {
      if (!keys.has(record.key ?? '')) continue
      const spectrum = decode('spectrum', record.value ?? new Uint8Array())
      const taken = byIdentity.get(identityOf(spectrum) ?? '')
      if (taken === undefined) continue
      const { revision = 0n, takesBack = 0n } = spectrum
      const ordinal = ordinalOf(revision)
      if (takesBack === plan.ordinal) {
        if (ordinal === plan.ordinal) taken.isWithdrawn = true
        else taken.isRestored = true
      } else if (
        takesBack === 0n &&
        !plan.isTakenBack(ordinal) &&
        (taken.other === null || revision > taken.otherRevision)
      ) {
        taken.other = placeOf(record)
        taken.otherRevision = revision
      }
    }
  }
}

/** Null for a record of a rollback. */
function delivered({ value }: LogRecord): Spectrum | null {
  const spectrum = decode('spectrum', value ?? new Uint8Array())
  return (spectrum.takesBack ?? 0n) === 0n ? spectrum : null
}

function placeOf({ partition, offset }: LogRecord): string {
  return `${partition}/${offset}`
}

async function* batchesOf(log: Log, signal: AbortSignal): AsyncGenerator<readonly LogRecord[], void, undefined> {
  const ends = new Map((await log.extents('spectra')).map(({ partition, end }) => [partition, end]))
  const reader = log.openReader({ topics: ['spectra'], maxRecords: 100 })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      if (signal.aborted) return
      // What is written meanwhile is left out.
      yield batch.records.filter(({ partition, offset }) => offset < (ends.get(partition) ?? 0))
    }
  } finally {
    await reader.close()
  }
}

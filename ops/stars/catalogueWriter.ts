// The newest posterior of every star, from the log to a table, one batch in memory.
import { servingModel } from '../../actors/index.ts'
import { classProbability, decodeKnown, type Posterior, type Star } from '../../schemas/index.ts'
import { type Log, openTableWriter } from '../../streams/index.ts'
import { posteriorCells, posteriorColumns, starCells, starColumns } from './catalogue.ts'
import type { ClassCondition } from './classFeed.ts'
import { keysInOrder } from './keyOrder.ts'
import { asServed } from './starFinder.ts'

export interface CatalogueEntry {
  readonly star: Star
  readonly posterior: Posterior
}

/** Every star that is in force, with its newest posterior; each once, in the order of their ids: the same in every run. */
export async function* readCatalogue(log: Log): AsyncGenerator<CatalogueEntry, void, undefined> {
  const serving = await servingModel(log)
  for await (const key of keysInOrder(log, 'latest-posteriors')) {
    const entry = await catalogueEntry(log, key, serving)
    if (entry !== null) yield entry
  }
}

/**
 * One star with its newest posterior; null where it is not in force, or has none.
 * @param serving fingerprint of the model in force, where there is one
 */
export async function catalogueEntry(log: Log, starId: string, serving: string | null): Promise<CatalogueEntry | null> {
  const found = await log.latest('latest-posteriors', starId)
  const record = await log.latest('latest-stars', starId)
  if (found === null || found.value === null || record === null || record.value === null) return null
  const star = decodeKnown('star', record.value, record)
  if (star === null || star.isRetired) return null
  const posterior = decodeKnown('posterior', found.value, found)
  return posterior === null ? null : { star, posterior: await asServed(log, posterior, serving) }
}

export interface CatalogueOptions {
  /** Only stars that pass; null is all. */
  readonly condition: ClassCondition | null
  readonly signal: AbortSignal
  readonly onProgress: (done: number) => void
}

const BATCH_ROWS = 500

/**
 * Writes the catalogue; the file appears whole or not at all.
 * @returns rows written
 * @throws FusionError CONFIG_INVALID or FILE_UNWRITABLE, and the signal's reason once it aborts
 */
export async function writeCatalogue(log: Log, path: string, options: CatalogueOptions): Promise<number> {
  const meta = { title: 'birthline: newest posterior of every star', about: 'quantiles are of the marginal posteriors' }
  const writer = await openTableWriter(path, [...starColumns, ...posteriorColumns], { meta })
  try {
    let rows: ReturnType<typeof starCells>[] = []
    for await (const { star, posterior } of readCatalogue(log)) {
      options.signal.throwIfAborted()
      const { condition } = options
      if (condition !== null && classProbability(posterior, condition.className) < condition.above) continue
      rows.push({ ...starCells(star), ...posteriorCells(posterior) })
      if (rows.length === BATCH_ROWS) {
        await writer.write(rows)
        rows = []
        options.onProgress(writer.rowCount)
      }
    }
    await writer.write(rows)
    options.onProgress(writer.rowCount)
    await writer.close()
    return writer.rowCount
  } finally {
    await writer.abandon()
  }
}

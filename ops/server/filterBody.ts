// A filter as the body of a request has it. How long its parts may be is said by who reads them, with the place.
import type { JsonSchema } from './recordJsonSchema.ts'

/** A MOC and a watchlist of the largest size, as JSON. */
export const MAX_FILTER_BYTES = 1_500_000

export const whereText: JsonSchema = {
  type: 'string',
  description: 'conditions joined by `and`, such as `young > 0.9 and median(av) < 1 mag`; empty for all stars',
}

export const filterProperties: Readonly<Record<'where' | 'moc' | 'watchlist', JsonSchema>> = {
  where: whereText,
  moc: { type: 'string', nullable: true, description: 'a region as an ASCII or JSON MOC, ICRS' },
  watchlist: { type: 'array', items: { type: 'string' }, description: 'ids as any survey writes them' },
}

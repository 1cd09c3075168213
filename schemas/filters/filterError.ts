// How a filter is refused: one sentence that says where.
import { FusionError } from '../errors.ts'

const SHOWN_CHARACTERS = 40

/**
 * @param part which text of the filter: `filter`, `MOC` or `watchlist`
 * @param at characters before the place that is wrong
 * @param what a sentence without its end
 */
export function filterError(part: string, at: number, what: string): FusionError {
  return new FusionError('FILTER_INVALID', `The ${part} is wrong at character ${at + 1}: ${what}.`, {
    detail: { part, character: at + 1 },
  })
}

/** What somebody typed, shortened and in quotes. */
export function shown(text: string): string {
  return JSON.stringify(text.slice(0, SHOWN_CHARACTERS))
}

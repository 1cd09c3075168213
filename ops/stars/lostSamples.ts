// What to say of samples that are not there any more.
import type { Posterior } from '../../schemas/index.ts'

export function lostSamples({ starId }: Posterior): string {
  return `The samples of star ${starId} are not in the log any more, its posterior's summary is: infer the star anew, or read a copy of the log that still holds them.`
}

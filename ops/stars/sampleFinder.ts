// From a posterior to its samples, wherever the birthline that wrote it put them.
import { decodeSamples, type Posterior, type SampleColumns, samplesInRecord } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'

/**
 * From the topic that the posterior names, or from the record itself where it is an older one.
 * @returns `null` where the topic does not hold them any more
 */
export async function findSamples(log: Log, posterior: Posterior): Promise<SampleColumns | null> {
  const { samplesTopic = '', posteriorId } = posterior
  if (samplesTopic === '') return samplesInRecord(posterior)
  const record = await log.latest(samplesTopic, posteriorId)
  return record === null || record.value === null ? null : decodeSamples(record.value)
}

/** What to say where there are none. */
export function lostSamples({ starId }: Posterior): string {
  return `The samples of star ${starId} are not in the log any more, its posterior's summary is: infer the star anew, or read a copy of the log that still holds them.`
}

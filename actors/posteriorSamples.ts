// From a posterior to its samples, wherever the birthline that wrote it put them.
import { decodeSamples, type Posterior, type SampleColumns, samplesInRecord } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'

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

// From a posterior to its samples, wherever the birthline that wrote it put them.
import { decodeSamples, type Posterior, type SampleColumns, samplesInRecord } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'

/** @returns `null` where the topic does not hold them any more */
export async function readSamples(
  log: Pick<Log, 'latest'>,
  topic: string,
  posteriorId: string,
): Promise<SampleColumns | null> {
  const record = await log.latest(topic, posteriorId)
  return record === null || record.value === null ? null : decodeSamples(record.value)
}

/**
 * From the topic that the posterior names, or from the record itself where it is an older one.
 * @returns `null` where the topic does not hold them any more
 */
export async function findSamples(log: Log, posterior: Posterior): Promise<SampleColumns | null> {
  const { samplesTopic = '', posteriorId } = posterior
  return samplesTopic === '' ? samplesInRecord(posterior) : readSamples(log, samplesTopic, posteriorId)
}

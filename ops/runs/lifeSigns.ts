// What a running pipeline says of itself in its log, for those who read it: heartbeats, and probes that go the whole walk.
import { type Prober, pipelineGroups, startHeartbeat, startProber } from '../../actors/index.ts'
import type { CommandLine } from '../commands/commandLine.ts'
import type { PipelineRun } from './pipelineRun.ts'

/**
 * Beats and probes while `work` is done; the last heartbeat comes when the pipeline has come to its end.
 * @param work is given the prober, or null where the settings want none
 */
export async function withLifeSigns<T>(
  { config }: CommandLine,
  { log, model, pipeline }: PipelineRun,
  work: (prober: Prober | null) => Promise<T>,
): Promise<T> {
  const { sampleCount, seed, probeIntervalS } = config
  const groups = pipelineGroups
  const prober =
    probeIntervalS === 0
      ? null
      : startProber({ log, model, groups, sampleCount, seed, intervalMs: 1000 * probeIntervalS })
  const lastProbe = () => prober?.last() ?? null
  const heartbeat = startHeartbeat({
    ...{ log, groups, lastProbe },
    // Another may be put in force on the way.
    get model() {
      return model.fingerprint
    },
  })
  try {
    return await work(prober)
  } finally {
    await prober?.stop()
    await pipeline.stop()
    heartbeat.tellLoss(pipeline.failed.reason)
    await heartbeat.stop()
  }
}

// What a running pipeline says of itself in its log, for those who read it.
import { pipelineGroups, startHeartbeat } from '../../actors/index.ts'
import type { PipelineRun } from './pipelineRun.ts'

/** Beats while `work` is done; the last heartbeat comes when the pipeline has come to its end. */
export async function withHeartbeat<T>({ log, model, pipeline }: PipelineRun, work: () => Promise<T>): Promise<T> {
  const heartbeat = startHeartbeat({ log, model, groups: pipelineGroups })
  try {
    return await work()
  } finally {
    await pipeline.stop()
    heartbeat.tellLoss(pipeline.failed.reason)
    await heartbeat.stop()
  }
}

// The public face of the actors.
export { type ActorContext, type ActorPlan, runActor } from './actor.ts'
export type { Behavior, StateView, Step } from './behavior.ts'
export { type Clock, createManualClock, type ManualClock, systemClock } from './clock.ts'
export { isRolledBack, isTakenBack, newestDelivery, readDeliveries } from './deliveries.ts'
export { readTally } from './deliveryTally.ts'
export type { FileDelivery } from './fileFingerprint.ts'
export {
  checkDelivery,
  type DeliveryControl,
  type DeliveryResult,
  ingestFile,
} from './fileSource.ts'
export { WAITING_SPECTRA } from './fuseEntry.ts'
export { groupLag, groupProgress } from './groupLag.ts'
export { type Heartbeat, type HeartbeatOptions, startHeartbeat } from './heartbeat.ts'
export { toPosterior, toStarInput } from './inferActor.ts'
export type { StatePlan } from './keyedState.ts'
export { readLatest } from './latestRecord.ts'
export { type CopyOptions, type CopyResult, copyLog } from './logCopy.ts'
export { notifyPlan } from './notifyActor.ts'
export { holdsOffsets, translateOffsets } from './offsetFields.ts'
export {
  notifyGroup,
  type Pipeline,
  type PipelineOptions,
  pipelineGroups,
  type StageStatus,
  type StreamPace,
  startPipeline,
  stateTopics,
} from './pipeline.ts'
export { findSamples, readSamples } from './posteriorSamples.ts'
export { type Prober, type ProberOptions, startProber } from './prober.ts'
export { closeDeadLetters, type RedriveOptions, type RedriveResult, redriveDeadLetters } from './redrive.ts'
export { type KeptLetter, type RefusalState, readRefusals } from './refusals.ts'
export { type PairOptions, type ReleaseSide, releasePairs, type SideName, type SourcePair } from './releasePairs.ts'
export type { RollbackResult } from './rollback.ts'
export { deliverStream, type RowStream, type StreamControl, type StreamResult, type StreamRow } from './rowStream.ts'
export { ServedModel, type ServingTurns } from './servedModel.ts'
export { checkServing, claimServing, serveModel, servingModel } from './servingModel.ts'
export { SPECTRA } from './spectraSource.ts'
export { type KnownSubscription, passedBy, SubscriptionIndex } from './subscriptionIndex.ts'
export { readSubscription, readSubscriptions, removeSubscription, saveSubscription } from './subscriptions.ts'
export type { Backoff } from './supervisor.ts'
export { bindSurveyMap } from './surveyTable.ts'
export { openInferPool, type PoolOptions } from './workers/pool.ts'

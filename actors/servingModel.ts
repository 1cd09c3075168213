// Which model's posteriors are in force: named in the log, so that no process works on with another one unawares.
import { FusionError } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'
import { outputOf } from './behavior.ts'
import { readLatest } from './latestRecord.ts'

const KEY = 'model'
const SHOWN_DIGITS = 12

/** Fingerprint of the model in force; `null` in a log that never had one. */
export async function servingModel(log: Log): Promise<string | null> {
  const serving = await readLatest(log, 'serving', KEY, 'servingModel')
  return serving?.model ?? null
}

/** Puts a model in force. From here on only its posteriors are shown and made. */
export async function serveModel(log: Log, model: string): Promise<void> {
  const former = (await servingModel(log)) ?? ''
  if (former === model) return
  await log.transact({ outputs: [outputOf('serving', KEY, 'servingModel', { model, former })] })
}

/** Puts a model in force in a log that has none. @throws FusionError MODEL_MISMATCH when it has another */
export async function claimServing(log: Log, model: string): Promise<void> {
  if ((await servingModel(log)) === null) await serveModel(log, model)
  else await checkServing(log, model)
}

/** @throws FusionError MODEL_MISMATCH when another model is in force */
export async function checkServing(log: Log, model: string): Promise<void> {
  const serving = await servingModel(log)
  if (serving === null || serving === model) return
  throw mismatch(serving, model)
}

/** What whoever has another model than the one in force is told. */
export function mismatch(serving: string, model: string): FusionError {
  return new FusionError(
    'MODEL_MISMATCH',
    `The posteriors of this log are of model ${shown(serving)}, and this process was given ${shown(model)}: ` +
      'name the checkpoint of the first with --model, or change the model with `birthline reprocess --to FOLDER` or `birthline model use NAME`.',
    { detail: { serving, model } },
  )
}

function shown(model: string): string {
  return model.slice(0, SHOWN_DIGITS)
}

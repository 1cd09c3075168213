// `birthline model use`: another model in force, also in a pipeline that runs.
import { serveModel, servingModel } from '../../actors/index.ts'
import { FusionError, isFusionError } from '../../schemas/index.ts'
import { type NamedModel, namedModel, requestModel } from '../runs/modelInForce.ts'
import { withWritableLog } from '../runs/pipelineRun.ts'
import { modelInForce } from '../stars/publishedModels.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'

const PATIENCE_MS = 60_000

export const useModel: CommandCode = async (line, args) => {
  const { terminal } = line
  const wanted = namedModel(line.config, args[0])
  const { former, isRunning } = await putInForce(line, wanted)
  if (terminal.isJson) {
    const { name, model } = wanted
    await terminal.print(JSON.stringify({ name, model, former, isRunning }))
    return exitCodes.ok
  }
  if (former === wanted.model) {
    await terminal.print(`Model ${wanted.model} (${wanted.name}) was in force already.`)
    return exitCodes.ok
  }
  await terminal.print(
    `Model ${wanted.model} (${wanted.name}) is in force${former === null ? '' : `, in the place of ${former}`}${isRunning ? ', in the pipeline that runs' : ''}.`,
  )
  if (former !== null) {
    await terminal.print(
      `Stars keep the posteriors they have until something new is seen of them; \`birthline reprocess --to ${wanted.folder}\` makes them anew.`,
    )
  }
  return exitCodes.ok
}

interface Change {
  readonly former: string | null
  /** A process holds the log, and was asked. */
  readonly isRunning: boolean
}

async function putInForce(line: CommandLine, wanted: NamedModel): Promise<Change> {
  try {
    return await withWritableLog(line, async log => {
      const former = await servingModel(log)
      await serveModel(log, wanted.model)
      return { former, isRunning: false }
    })
  } catch (error) {
    if (!isFusionError(error) || error.code !== 'LOG_IN_USE') throw error
  }
  const inForce = () => modelInForce(line.config)
  const former = await inForce()
  if (former === wanted.model || (await requestModel(line, wanted, inForce, PATIENCE_MS))) {
    return { former, isRunning: true }
  }
  throw new FusionError(
    'LOG_IN_USE',
    `The process that holds the log in ${line.config.dataFolder} did not put ${wanted.name} in force: it says why where it runs, or is no pipeline; try again once it has ended.`,
  )
}

// `birthline model shadow`: another model beside the one in force, on the same stars.
import { once } from 'node:events'
import { withLifeSigns } from '../runs/lifeSigns.ts'
import { namedModel } from '../runs/modelInForce.ts'
import { runPipeline, settle } from '../runs/pipelineRun.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'

export const shadowModel: CommandCode = async (line, args, values) => {
  const { config, terminal, signal } = line
  const shadow = namedModel(config, args[0])
  return runPipeline(
    line,
    run =>
      withLifeSigns(line, run, async () => {
        const { pipeline } = run
        const isSettled = await settle(line, pipeline)
        if (isSettled && values.untilEnd !== true) {
          terminal.note('birthline: both are through; what arrives is shadowed until Ctrl-C')
          const ending = AbortSignal.any([signal, pipeline.failed])
          if (!ending.aborted) await once(ending, 'abort')
          pipeline.failed.throwIfAborted()
        }
        const { name, model } = shadow
        const inForce = run.model.fingerprint
        if (terminal.isJson) await terminal.print(JSON.stringify({ name, model, inForce, isSettled }))
        else await terminal.print(`Next: birthline model compare ${name}`)
        return isSettled ? exitCodes.ok : exitCodes.interrupted
      }),
    shadow,
  )
}

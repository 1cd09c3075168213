// `birthline run`: the pipeline over the log; with the demo's surveys first, with the server beside it.
import { runDemo } from '../runs/demo.ts'
import { openGainCount } from '../runs/gainCount.ts'
import { withLifeSigns } from '../runs/lifeSigns.ts'
import { namedModel } from '../runs/modelInForce.ts'
import { type PipelineRun, runPipeline, settle } from '../runs/pipelineRun.ts'
import { serveWhile } from '../runs/serving.ts'
import { openDoor } from '../server/door.ts'
import { type CommandCode, type CommandLine, type ExitCode, exitCodes } from './commandLine.ts'

export const run: CommandCode = async (line, _args, values) => {
  // Before the log is opened and the model loaded: what is wrong here is known at once.
  const door = values.serve === true ? openDoor(line.config, Date.now()) : null
  const shadow = typeof values.shadow === 'string' ? namedModel(line.config, values.shadow) : null
  const take = (pipelineRun: PipelineRun) => {
    const work = () => (values.demo === true ? runDemo(line, pipelineRun) : runUntilIdle(line, pipelineRun))
    return withLifeSigns(line, pipelineRun, prober =>
      door === null ? work() : serveWhile(line, pipelineRun, door, work, () => prober?.trouble() ?? null),
    )
  }
  return runPipeline(line, take, shadow)
}

async function runUntilIdle(line: CommandLine, { log, pipeline }: PipelineRun): Promise<ExitCode> {
  const gain = await openGainCount(log)
  const isSettled = await settle(line, pipeline)
  const { posteriors } = gain
  const deadLetters = await gain.deadLetters()
  gain.close()
  const { terminal } = line
  if (terminal.isJson) await terminal.print(JSON.stringify({ posteriors, deadLetters }))
  else
    await terminal.print(
      `${posteriors} posteriors were made, ${deadLetters} records refused; ${isSettled ? 'nothing is left to do' : 'the rest waits for the next run'}.`,
    )
  return isSettled ? exitCodes.ok : exitCodes.interrupted
}

// `birthline reprocess`: another model over all stars in the background, then in force.
import { resolve } from 'node:path'
import { withWritableLog } from '../runs/pipelineRun.ts'
import { type ReprocessResult, reprocess as reprocessLog } from '../runs/reprocessRun.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'

export const reprocess: CommandCode = async (line, _args, values) => {
  const folder = resolve(line.workingFolder, String(values.to))
  return withWritableLog(line, async log => {
    const result = await reprocessLog(line, log, { folder, isSwapped: values.swap !== false })
    await report(line, result, folder)
    return result.isComplete ? exitCodes.ok : exitCodes.interrupted
  })
}

async function report({ terminal }: CommandLine, result: ReprocessResult, folder: string): Promise<void> {
  const { model, former, candidates, promoted, isSwapped, isComplete } = result
  if (terminal.isJson) {
    await terminal.print(JSON.stringify(result))
    return
  }
  await terminal.print(`${candidates} stars were inferred with the new model, ${promoted} of its posteriors handed on.`)
  await terminal.print(
    isSwapped
      ? `Model ${model.slice(0, 12)} is in force instead of ${former.slice(0, 12)}: from now on give --model ${folder}.`
      : `Model ${former.slice(0, 12)} stays in force.`,
  )
  if (!isComplete) terminal.note('birthline: stopped before the end; the same command goes on from there')
}

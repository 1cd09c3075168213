// Two files of the demo, and a run that was cut off after the second had been read.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ingestFile, newestDelivery } from '../../../actors/index.ts'
import type { CommandLine } from '../../../ops/commands/commandLine.ts'
import { type DemoFile, demoFile, readDemoPlan } from '../../../ops/demo/demoPlan.ts'
import { type ArrivalSummary, runArrivals } from '../../../ops/runs/demoRun.ts'
import { openWritableLog, runPipeline } from '../../../ops/runs/pipelineRun.ts'
import { loadConfig } from '../../../ops/settings/config.ts'
import { openTerminal } from '../../../ops/terminal/terminal.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-demo-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const plan = readDemoPlan()
const [first, second] = plan.files

function lineOf(): CommandLine {
  const flags = { workers: '1', sampleCount: '16' }
  return {
    config: loadConfig({ flags, env: {}, workingFolder: folder }),
    terminal: openTerminal({ isJson: true, progress: false, redact: text => text }),
    signal: new AbortController().signal,
    workingFolder: folder,
    env: {},
    redact: text => text,
    nowMs: () => performance.now(),
  }
}

function arrivalsOf(files: readonly DemoFile[]): Promise<readonly ArrivalSummary[]> {
  const line = lineOf()
  return runPipeline(line, run => runArrivals(line, run, { ...plan, files }, async () => {}))
}

test('what an interrupted run left to infer is told with its file, and a third run adds nothing', async () => {
  expect(await arrivalsOf([first])).toMatchObject([{ isRepeat: false, newCount: first.rowCount }])
  const log = await openWritableLog(lineOf())
  const control = { signal: new AbortController().signal, waitForRoom: async () => {} }
  await ingestFile(log, { path: demoFile(second.file), survey: second.survey }, control)
  expect(await newestDelivery(log)).toMatchObject({ file: second.file, isComplete: true })
  await log.close()
  expect(await arrivalsOf([first, second])).toMatchObject([
    { isRepeat: true, newCount: 0 },
    { isRepeat: false, newCount: second.rowCount, rowCount: second.rowCount },
  ])
  expect(await arrivalsOf([first, second])).toMatchObject([{ isRepeat: true }, { isRepeat: true, newCount: 0 }])
})

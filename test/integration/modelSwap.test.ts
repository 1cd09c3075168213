// The model in force changes while stars arrive and the process is killed: what then is in the log is counted.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createRng } from '../../models/index.ts'
import { writeSampleSurveys } from '../../ops/bench/sampleSurveys.ts'
import { packageFile } from '../../schemas/index.ts'
import { openLog } from '../../streams/index.ts'
import { temporaryFolder } from '../actors/logFolder.ts'
import { countPosteriors } from '../actors/posteriorCount.ts'

const KILLS = 16
/** Batches that a run answers before it is killed: far fewer than it would, so that each goes on where the one before was. */
const MOST_BATCHES = 6
const MOST_DELAY_MS = 30

test('a pipeline that is killed while its model is swapped makes one posterior of each star version, of the one model or the other', async () => {
  const folder = await temporaryFolder()
  const surveys = ['twoMass', 'gaiaDr3', 'allWise'] as const
  const deliveries = await writeSampleSurveys(folder, { starCount: 400, starsPerDeg2: 20_000, seed: 8, surveys })
  const tables = deliveries.map(({ survey, path }) => `${survey}=${path}`)
  const config = { kind: 'embedded', folder: join(folder, 'log') } as const
  const rng = createRng(6)
  let [kills, runs] = [0, 0]
  for (let isEnded = false; !isEnded; runs++) {
    const child = spawn(
      process.execPath,
      [packageFile('test', 'integration', 'swappingProcess.mjs'), JSON.stringify(config), `${runs}`, ...tables],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const ended = once(child, 'exit')
    if (kills < KILLS) {
      await Promise.race([answered(child.stdout, 1 + rng.integer(MOST_BATCHES)), ended])
      await Promise.race([sleep(rng.integer(MOST_DELAY_MS)), ended])
      if (child.kill('SIGKILL')) kills++
    } else child.stdout.resume()
    const [code] = await ended
    isEnded = code === 0
    // Killed it has no code; any other is a failure of its own.
    if (!isEnded) expect(code).toBeNull()
  }
  expect(kills).toBeGreaterThan(8)
  const log = await openLog({ ...config, readOnly: true })
  const { versions, faults, byModel } = await countPosteriors(log)
  await log.close()
  expect(versions).toBeGreaterThan(400)
  expect(faults).toEqual([])
  expect([...byModel.keys()].sort()).toEqual(['a', 'b'])
}, 300_000)

/** Resolves when a process has answered so many batches. */
async function answered(output: Readable, batches: number): Promise<void> {
  let count = 0
  for await (const line of createInterface({ input: output })) if (line === 'answered' && ++count === batches) return
}

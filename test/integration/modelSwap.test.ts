// The model in force changes while stars arrive and the process is killed: what then is in the log is counted.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createRng } from '../../models/index.ts'
import { writeSampleSurveys } from '../../ops/bench/sampleSurveys.ts'
import { packageFile } from '../../schemas/index.ts'
import { openLog } from '../../streams/index.ts'
import { temporaryFolder } from '../actors/logFolder.ts'
import { countPosteriors } from '../actors/posteriorCount.ts'

const KILLS = 10
/** Of one run before it is killed: less than it needs, so that each goes on where the one before was. */
const LONGEST_MS = 500

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
    await Promise.race([once(child.stdout, 'data'), ended])
    if (kills < KILLS) {
      await Promise.race([sleep(rng.integer(LONGEST_MS)), ended])
      if (child.kill('SIGKILL')) kills++
    }
    const [code] = await ended
    isEnded = code === 0
    // Killed it has no code; any other is a failure of its own.
    if (!isEnded) expect(code).toBeNull()
  }
  expect(kills).toBeGreaterThan(2)
  const log = await openLog({ ...config, readOnly: true })
  const { versions, faults, byModel } = await countPosteriors(log)
  await log.close()
  expect(versions).toBeGreaterThan(400)
  expect(faults).toEqual([])
  expect([...byModel.keys()].sort()).toEqual(['a', 'b'])
}, 300_000)

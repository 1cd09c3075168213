// Two processes share the stars on brokers while the model in force changes and either of them is killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { writeSampleSurveys } from '../../../ops/bench/sampleSurveys.ts'
import { packageFile } from '../../../schemas/index.ts'
import { temporaryFolder } from '../../actors/logFolder.ts'
import { countPosteriors } from '../../actors/posteriorCount.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

const KILLS = 8
/** From a process's first answer to its end: batches are written all the while. */
const LONGEST_MS = 300

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
})

afterAll(() => place?.close())

test('of two processes that are killed while the model is swapped, each star version has one posterior, of the one model or the other', async () => {
  const prefix = place.freshPrefix()
  const surveys = ['twoMass', 'gaiaDr3'] as const
  const folder = await temporaryFolder()
  const plan = { starCount: 250, starsPerDeg2: 20_000, seed: 8, surveys }
  const tables = (await writeSampleSurveys(folder, plan)).map(({ survey, path }) => `${survey}=${path}`)
  const rng = createRng(7)
  const start = async (name: string, run: number): Promise<ChildProcess> => {
    const config = {
      ...{ kind: 'kafka', brokers: place.broker.addresses, prefix, transactionalId: `${prefix}${name}` },
      ...{ stateFolder: `${folder}/${name}`, sessionTimeoutMs: 2000, transactionTimeoutMs: 5000 },
    }
    const script = packageFile('test', 'integration', 'swappingProcess.mjs')
    const child = spawn(process.execPath, [script, JSON.stringify(config), `${run}`, ...tables], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    // A first batch was answered, or all was done by the other.
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    return child
  }
  const names = ['one', 'two']
  const children = [await start(names[0], 0), await start(names[1], 1)]
  for (let kills = 0; kills < KILLS; kills++) {
    await sleep(rng.integer(LONGEST_MS))
    const victim = rng.integer(2)
    const child = children[victim]
    if (child.exitCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    children[victim] = await start(names[victim], 2 + kills)
  }
  const codes = await Promise.all(
    children.map(async child => (child.exitCode === null ? (await once(child, 'exit'))[0] : child.exitCode)),
  )
  expect(codes).toEqual([0, 0])
  const log = await place.open({ prefix })
  const { versions, faults, byModel } = await countPosteriors(log)
  await log.close()
  expect(versions).toBeGreaterThan(250)
  expect(faults).toEqual([])
  expect([...byModel.keys()].sort()).toEqual(['a', 'b'])
}, 400_000)

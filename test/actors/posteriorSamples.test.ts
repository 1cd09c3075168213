import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findSamples, readSamples } from '../../actors/index.ts'
import { decode, encodeSamples, packageFile } from '../../schemas/index.ts'
import { madeSamples, makePosterior } from '../ops/starRecords.ts'
import { temporaryLog } from './logFolder.ts'

const fixture = (version: string) =>
  new Uint8Array(readFileSync(packageFile('test', 'fixtures', 'records', `posterior.${version}.bin`)))

test('samples are found in their topic by the id of the posterior, each posterior its own', async () => {
  const log = await temporaryLog()
  const [first, second] = [makePosterior('a', 0.5, 1), makePosterior('a', 0.5, 2)]
  const doubled = { ...madeSamples, values: madeSamples.values.map(value => 2 * value) }
  await log.transact({
    outputs: [
      { topic: 'samples', key: first.posteriorId, value: encodeSamples(first, madeSamples) },
      { topic: 'samples', key: second.posteriorId, value: encodeSamples(second, doubled) },
    ],
  })
  expect(await findSamples(log, first)).toEqual(madeSamples)
  expect(await findSamples(log, second)).toEqual(doubled)
  expect(await readSamples(log, 'samples', second.posteriorId)).toEqual(doubled)
})

test('a record of an older birthline is asked itself, and no topic', async () => {
  const log = await temporaryLog()
  for (const version of ['v1_0', 'v1_1']) {
    expect((await findSamples(log, decode('posterior', fixture(version))))?.values).toEqual(Float32Array.of(7, 8))
  }
})

test('samples that the topic has lost are none', async () => {
  const log = await temporaryLog()
  const posterior = makePosterior('gaiaDr3:1', 0.5)
  expect(await findSamples(log, posterior)).toBeNull()
  const value = encodeSamples(posterior, madeSamples)
  await log.transact({ outputs: [{ topic: 'samples', key: posterior.posteriorId, value }] })
  await log.transact({ outputs: [{ topic: 'samples', key: posterior.posteriorId, value: null }] })
  expect(await findSamples(log, posterior)).toBeNull()
})

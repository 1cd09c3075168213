// Simulated stars into the log at a steady rate: each once, whoever is killed, and on to posteriors.
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDeliveries } from '../../../actors/index.ts'
import { checkForwardRecipe } from '../../../models/index.ts'
import { simulatedStream } from '../../../ops/simulation/pacedRun.ts'
import { decode, type RawRow } from '../../../schemas/index.ts'
import { type Log, openLog } from '../../../streams/index.ts'
import { startCommand } from '../commandProcess.ts'
import { runInProcess } from '../commandRun.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-paced-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const paced = (data: string, rate: string, ...more: string[]) => [
  ...['simulate', 'pilot', '--seed', '5', '--paced', rate, '--data', data],
  ...more,
]

async function withLog<T>(data: string, work: (log: Log) => Promise<T>): Promise<T> {
  const log = await openLog({ kind: 'embedded', folder: join(folder, data, 'log') })
  try {
    return await work(log)
  } finally {
    await log.close()
  }
}

function rawRows(data: string): Promise<readonly RawRow[]> {
  return withLog(data, async log => {
    const reader = log.openReader({ topics: ['raw'] })
    const rows: RawRow[] = []
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { value } of batch.records) if (value !== null) rows.push(decode('rawRow', value))
    }
    await reader.close()
    return rows
  })
}

const nameOf = ({ survey, row, cells }: RawRow) => `${survey} ${row} ${JSON.stringify(Object.entries(cells).sort())}`
const namesIn = async (data: string) => (await rawRows(data)).map(nameOf).sort()

test('a stream that is killed goes on without a gap or a double', async () => {
  expect(await runInProcess(folder, paced('whole', '1e6', '--stars', '6000', '--no-infer'))).toMatchObject({ code: 0 })
  const running = startCommand(folder, [...paced('killed', '400', '--stars', '6000', '--no-infer'), '--progress'])
  await running.untilStderr(/delivering: [1-9]/)
  running.process.kill('SIGKILL')
  await once(running.process, 'close')
  const before = (await rawRows('killed')).length
  expect(before).toBeGreaterThan(0)
  const resumed = await runInProcess(folder, paced('killed', '1e6', '--stars', '6000', '--no-infer', '--json'))
  const { stars, sentStars, rows, isComplete } = JSON.parse(resumed.lines[0])
  expect({ stars, isComplete, code: resumed.code }).toEqual({ stars: 6000, isComplete: true, code: 0 })
  const whole = await namesIn('whole')
  expect(rows).toBe(whole.length)
  expect(sentStars).toBeGreaterThan(0)
  expect(sentStars).toBeLessThan(6000)
  expect(await namesIn('killed')).toEqual(whole)
})

test('Ctrl-C ends cleanly with 130, and without a number of stars it goes on until then', async () => {
  const running = startCommand(folder, [...paced('stopped', '500', '--no-infer'), '--progress', '--json'])
  await running.untilStderr(/delivering: [1-9][\d,]* stars, [\d.,]+ stars\/s/)
  running.process.kill('SIGINT')
  const { code, stdout } = await running.finished
  expect(code).toBe(130)
  const { stars, rows, waitingRecords } = JSON.parse(stdout)
  expect(waitingRecords).toBe(null)
  expect((await rawRows('stopped')).length).toBe(rows)
  const deliveries = await withLog('stopped', async log => [...(await readDeliveries(log)).values()])
  expect(deliveries.map(({ nextRow, isComplete }) => [nextRow, isComplete])).toEqual(
    Array.from({ length: 3 }, () => [BigInt(stars + 1), false]),
  )
})

test('simulated stars go the whole way to posteriors, and the surveys of a star find together', async () => {
  const outcome = await runInProcess(folder, paced('walk', '1e6', '--stars', '12', '--samples', '16', '--json'))
  expect(outcome).toMatchObject({ code: 0, error: null })
  expect(JSON.parse(outcome.lines[0])).toMatchObject({ stars: 12, sentStars: 12, behindStars: 0, waitingRecords: 0 })
  const rows = await rawRows('walk')
  const gaia = rows.find(({ survey, row }) => {
    return survey === 'gaiaDr3' && rows.filter(other => other.row === row).length === 3
  })
  expect(gaia).toBeDefined()
  const star = await runInProcess(folder, ['star', String(gaia?.cells.source_id), '--data', 'walk', '--json'])
  const { sources, posterior } = JSON.parse(star.lines[0]).star
  expect(sources.map((one: { survey: string }) => one.survey).sort()).toEqual(['allWise', 'gaiaDr3', 'twoMass'])
  expect(posterior.surveys).toHaveLength(3)
  const letters = await runInProcess(folder, ['dead-letters', 'list', '--data', 'walk'])
  expect(letters.lines).toEqual(['No refused record waits.'])
})

test('another seed is another stream with ids of its own', () => {
  const streamOf = (seed: number) =>
    simulatedStream(checkForwardRecipe({ name: 'a', seed, components: [{ kind: 'pilot' }] }, () => 'a'))
  const [one, other] = [streamOf(1), streamOf(2)]
  const prints = [...one.parts, ...other.parts].map(({ fingerprint }) => fingerprint)
  expect(new Set(prints).size).toBe(6)
  expect(one.name).toMatch(/^simulated-a-[0-9a-f]{8}$/)
  expect(one.rows(0, 5)).toEqual(streamOf(1).rows(0, 5))
})

for (const [what, args, sentence] of [
  ['a rate of nothing', paced('bad', '0'), /--paced is "0": it must be stars per second, above 0 and at most 1000000/],
  ['a rate that is none', paced('bad', 'fast'), /--paced is "fast": it must be stars per second/],
  ['two places', paced('bad', '1', '--out', 'x'), /simulate takes --out or --paced, not both/],
  ['no stars', paced('bad', '1', '--stars', '0'), /--stars is "0": it must be a whole number from 1/],
  [
    'surveys that nobody takes in',
    ['simulate', 'sdss.yaml', '--paced', '1', '--data', 'bad'],
    /The recipe sdss has none of the surveys that can be taken in \(.*gaiaDr3.*\); add one\./,
  ],
] as const) {
  test(`${what} is refused in one sentence`, async () => {
    await writeFile(join(folder, 'sdss.yaml'), 'name: sdss\nsurveys: [sdss]\ncomponents: [{ kind: pilot }]\n')
    const outcome = await runInProcess(folder, args)
    expect([outcome.code, outcome.error?.message]).toEqual([2, expect.stringMatching(sentence)])
    expect(outcome.error?.message).not.toContain('\n')
  })
}

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLog } from '../../../streams/index.ts'
import { writeTinyCheckpoint } from '../../models/training/tinyCheckpoint.ts'
import { runInProcess } from '../commandRun.ts'
import { BIG_ID, makeStar, starOutputs } from '../starRecords.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-ask-'))
  writeTinyCheckpoint(join(folder, 'tiny'))
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'birthline-data', 'log') })
  const star = makeStar(BIG_ID)
  const measurements = Object.entries({ parallaxMas: 7.3, gMag: 12.5, jMag: 10.4, w1Mag: 9.6 }).map(
    ([quantity, value]) => ({ quantity, value, err: 0.3, isLimit: false, survey: 'gaiaDr3' }),
  )
  await log.transact({ outputs: [...starOutputs({ ...star, measurements })] })
  await log.close()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ask = (...args: string[]) => runInProcess(folder, ['ask', ...args, '--model', 'tiny', '--samples', '64'])

test('a star of the log is asked, on the screen', async () => {
  const { code, lines, error } = await ask(BIG_ID, '--for', 'logAge,mass', '--given', 'ageMyr<1e4', '--without', 'WISE')
  expect([code, error]).toEqual([0, null])
  expect(lines).toContain(`Star gaiaDr3:${BIG_ID}`)
  expect(lines).toContain('Measured: parallaxMas, gMag, jMag')
  expect(lines).toContain('Given: ageMyr<10000')
  expect(lines.find(line => line.startsWith('64 samples'))).toContain('by the posterior head (seed 1, model ')
  expect(lines.find(line => line.startsWith('logAgeYr'))).toMatch(/^logAgeYr +[\d.]+ +-[\d.]+ +\+[\d.]+ +dex\(yr\)$/)
  expect(lines.find(line => line.startsWith('massMsun'))).toMatch(/solMass$/)
})

test('as JSON with the samples in a table, and what was drawn is what the table holds', async () => {
  const { code, lines } = await ask(
    BIG_ID,
    '--for',
    'w2,distancePc',
    '--given',
    'teffK=4000',
    '--json',
    '--out',
    'a.csv',
  )
  expect(code).toBe(0)
  const view = JSON.parse(lines[0])
  expect(view).toMatchObject({ star: `gaiaDr3:${BIG_ID}`, drawnBy: 'tokens', sampleCount: 64, given: ['teffK=4000'] })
  expect(view.answers.map((one: { name: string; unit: string }) => [one.name, one.unit])).toEqual([
    ['w2Mag', 'mag'],
    ['distancePc', 'pc'],
  ])
  const [head, ...rows] = (await readFile(join(folder, 'a.csv'), 'utf8')).trim().split('\n')
  expect(head).toBe('w2Mag,distancePc')
  expect(rows).toHaveLength(64)
  const mean = rows.reduce((sum, row) => sum + Number(row.split(',')[1]), 0) / 64
  expect(Math.abs(mean / view.answers[1].mean - 1)).toBeLessThan(1e-5)
})

test('a star that is told needs no log', async () => {
  const { code, lines } = await runInProcess(tmpdir(), [
    ...['ask', '--for', 'logAge', '--given', 'gMag=14.2±0.01,ksMag=11+-0.03', '--samples', '64'],
    ...['--model', join(folder, 'tiny'), '--data', join(folder, 'absent')],
  ])
  expect(code).toBe(0)
  expect(lines).toContain('Given: gMag=14.2±0.01, ksMag=11±0.03')
  expect(lines).toContain('Measured: nothing')
})

for (const [what, args, exitCode, part] of [
  ['an unknown name', [BIG_ID, '--for', 'luck'], 2, 'Nothing is known by the name "luck"'],
  ['an empty question', [BIG_ID, '--for', ' , '], 2, 'Nothing is asked'],
  ['an impossible value', [BIG_ID, '--for', 'age', '--given', 'teffK=1e9'], 2, 'teffK is 1000000000'],
  ['the same asked and given', [BIG_ID, '--for', 'age', '--given', 'logAge=7'], 2, 'both asked for and given'],
  ['a measured band asked', [BIG_ID, '--for', 'W1'], 1, 'w1Mag is measured of this star'],
  ['an unknown star', ['1', '--for', 'age'], 1, 'No star is known by the id "1"'],
  ['a table of no format', [BIG_ID, '--for', 'age', '--out', 'a.doc'], 2, 'a.doc'],
] as const) {
  test(`${what} ends with one sentence`, async () => {
    const outcome = await ask(...args)
    expect(outcome.code).toBe(exitCode)
    expect(outcome.error?.message).toContain(part)
    expect(outcome.error?.message).not.toContain('\n')
  })
}

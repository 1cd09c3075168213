// The calibration as a command: the page is not judged here, only that it is there, with its numbers, at the end of the work.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CalibrationReport, publishingBounds, publishingChecks } from '../../../models/index.ts'
import { judgedPatterns } from '../../../ops/calibration/missingPatterns.ts'
import { runInProcess } from '../commandRun.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-calibrate-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a small calibration leaves a page and its numbers in a folder that was not there', async () => {
  const args = ['calibrate', '--stars', '50', '--samples', '16', '--out', 'new/folder/page.html', '--json']
  const { code, lines } = await runInProcess(folder, args)
  expect(code).toBe(0)
  const said = JSON.parse(lines.at(-1) ?? '')
  expect(await readFile(join(folder, 'new/folder/page.html'), 'utf8')).toContain('</html>')
  const report = JSON.parse(await readFile(said.jsonPath, 'utf8')) as CalibrationReport
  // Complete data, the patterns of the demo's stars, and stars with spectra, none of them too rare to be judged.
  expect(said.leftOut).toEqual([])
  expect(report.patterns.map(({ starCount }) => starCount)).toEqual(new Array(judgedPatterns().length).fill(50))
  expect(report.atRandom?.map(({ pattern }) => pattern.name)).toEqual([
    'all stars, as they come',
    'all stars, 30% more missing at random',
    'all stars, 60% more missing at random',
  ])
  expect(report.regions?.length).toBeGreaterThan(0)
  await expect(readFile(`${said.jsonPath}.partial`)).rejects.toThrow('ENOENT')
  const failed = report.patterns.flatMap(({ verdicts }) => verdicts.filter(({ isPassed }) => !isPassed))
  expect(said.failed).toHaveLength(failed.length)
  expect(said.beyondPublishing).toEqual(
    publishingChecks(report, publishingBounds).flatMap(({ isWithin, sentence }) => (isWithin ? [] : [sentence])),
  )
  // Rare patterns take some 200,000 simulated stars.
}, 900_000)

test('a page that cannot be is refused before the work begins', async () => {
  const { code, lines } = await runInProcess(folder, ['calibrate', '--out', 'page.pdf', '--json'])
  expect(code).toBe(2)
  expect(lines.join('')).not.toContain('isPassed')
})

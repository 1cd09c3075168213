import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { writeSamplePixels } from '../../../ops/bench/samplePixels.ts'
import { writeSampleSurveys } from '../../../ops/bench/sampleSurveys.ts'
import { readSpectra } from '../../streams/spectra/spectraContents.ts'

test('made-up files are spectra of BOSS at the places of their stars, and the same for the same seed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-pixels-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [gaia] = await writeSampleSurveys(folder, {
    ...{ starCount: 12, starsPerDeg2: 2000, seed: 3 },
    surveys: ['gaiaDr3'],
  })
  const plan = { every: 4, from: 1, seed: 2 }
  const files = await writeSamplePixels(folder, gaia, plan)
  expect(files).toHaveLength(3)
  const rows = readFileSync(gaia.path, 'utf8').split('\n')
  for (const { path, source } of files) {
    const { survey, spectra, errors } = await readSpectra(path)
    const [, raDeg, decDeg] = rows.find(row => row.startsWith(source))?.split(',') ?? []
    expect([survey, spectra.length, errors]).toEqual(['boss', 1, []])
    expect(spectra[0]).toMatchObject({ raDeg: Number(raDeg), decDeg: Number(decDeg), nightMjd: 55445 })
    expect(spectra[0].segments[0]).toMatchObject({ badPixelCount: 0, missingPixelCount: 0 })
  }
  const bytes = readFileSync(files[0].path)
  await writeSamplePixels(folder, gaia, plan)
  expect(readFileSync(files[0].path)).toEqual(bytes)
})

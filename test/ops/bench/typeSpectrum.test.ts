// The model that reads spectra with pixels, as it comes: it knows the stars of the sky, and that something is none.
import { afterAll, expect, test } from 'vitest'
import { createRng, meanSpectra, meanSpectrumAngstrom, openPosteriorModel } from '../../../models/index.ts'
import { typeSpectrum } from '../../../ops/bench/typeSpectrum.ts'
import { packageFile } from '../../../schemas/index.ts'

const model = await openPosteriorModel(packageFile('models', 'checkpoints', 'spectra'))
afterAll(() => model.close())
const options = { sampleCount: 32, seed: 1n }
const judges = meanSpectra().filter(({ isJudge }) => isJudge)

test('no mean spectrum of the sky is told to be unlike the training', async () => {
  const rng = createRng(1)
  const stars = judges.map(({ type, fluxes }) => typeSpectrum(type, fluxes, 40, rng))
  const answers = await model.infer(stars, options)
  expect(answers.map(({ key, flags }) => [key, flags])).toEqual(judges.map(({ type }) => [type, []]))
  for (const { familiarity } of answers) expect(familiarity).toBeGreaterThan(0.001)
})

test('a spectrum that no star has is told to be unlike the training', async () => {
  const rng = createRng(2)
  const [sun] = judges.filter(({ type }) => type === 'G2')
  // Bands a hundred bins wide, of nothing that is known; and a quasar of redshift 2: a power law with broad lines in emission.
  const broad = (angstrom: number, at: number) => Math.exp(-0.5 * ((angstrom / at - 1) / 0.01) ** 2)
  const quasar = sun.fluxes.map((_, i) => {
    const angstrom = meanSpectrumAngstrom(i)
    return 6000 / angstrom + 1.5 * broad(angstrom, 4647) + broad(angstrom, 5727) + 1.2 * broad(angstrom, 8394)
  })
  const banded = sun.fluxes.map((flux, i) => flux * (1 + 0.5 * Math.sin((2 * Math.PI * i) / 100)))
  const strange = { quasar, banded }
  const stars = Object.entries(strange).map(([name, fluxes]) => typeSpectrum(name, fluxes, 40, rng))
  for (const { key, flags, familiarity } of await model.infer(stars, options)) {
    expect([key, flags]).toEqual([key, ['unlikeTraining']])
    expect(familiarity).toBeLessThan(0.001)
  }
})

import { expect, test } from 'vitest'
import { spectrumTokens } from '../../../models/encoders/modality.ts'
import { createPilotSimulator, createPixelNights, createRng, modalityOf } from '../../../models/index.ts'

const simulation = createPilotSimulator({ hasSpectra: true }).draw({ seed: 4, first: 0, count: 30 })

test('each instrument sees a star in a night of its own, as spectra that its encoder reads', () => {
  const nights = createPixelNights(['boss', 'lamostLrs'])
  let seen = 0
  for (let i = 0; i < simulation.count; i++) {
    for (const given of nights(simulation, i, createRng(9))) {
      if (given === null) continue
      seen++
      const modality = modalityOf(given.survey)
      if (modality === null) throw new Error(`nobody reads ${given.survey}`)
      const { mask } = spectrumTokens(modality, given.segments)
      expect(mask.filter(one => one === 1).length).toBeGreaterThan(50)
    }
  }
  expect(seen).toBeGreaterThan(30)
})

test('the same star and numbers give the same pixels; no star outside the templates has a spectrum', () => {
  const draw = () => createPixelNights(['boss'])(simulation, 3, createRng(5))
  expect(draw()).toEqual(draw())
  const nothing = { fluxInto: () => false }
  expect(createPixelNights(['boss', 'lamostLrs'], nothing)(simulation, 3, createRng(5))).toEqual([null, null])
})

import { expect, test } from 'vitest'
import { checkForwardRecipe } from '../../../models/simulators/forwardRecipe.ts'
import { openSimulator } from '../../../models/simulators/openSimulator.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'

const recipeOf = (more: object) =>
  checkForwardRecipe({ name: 'mine', components: [{ kind: 'pilot' }], ...more }, () => 'mine.yaml')

test('the pilot recipe draws the stars that the pilot checkpoint was trained on', () => {
  const request = { seed: 3, first: 10, count: 200 }
  const expected = createPilotSimulator({ missing: 'mixed' }).draw(request)
  expect(openSimulator(recipeOf({ missing: 'patterns' })).draw(request)).toEqual(expected)
})

for (const [missing, least, most] of [
  ['none', 1, 1],
  ['natural', 0.6, 0.95],
  ['random50', 0.45, 0.55],
  ['patterns', 0.4, 0.7],
] as const) {
  test(`${missing}: the share of what is measured lies between ${least} and ${most}`, () => {
    const drawn = openSimulator(recipeOf({ missing })).draw({ seed: 1, first: 0, count: 1000 })
    const flags = [...drawn.presence.values()].flatMap(presence => [...presence])
    const share = flags.reduce((sum, one) => sum + one, 0) / flags.length
    expect(share).toBeGreaterThanOrEqual(least)
    expect(share).toBeLessThanOrEqual(most)
  })
}

test('spectra without the survey of their stars are refused in one sentence', () => {
  const recipe = recipeOf({ components: [{ kind: 'youngField' }], surveys: ['gaiaXp'] })
  expect(() => openSimulator(recipe)).toThrow(
    'The recipe mine asks for gaiaXp without gaiaDr3, whose stars the spectra are of; add gaiaDr3.',
  )
})

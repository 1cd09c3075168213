import { expect, test } from 'vitest'
import { askedScale, observableFromLatent, observableLatent } from '../../../models/tokens/askedScale.ts'
import { modelObservables, OBSERVABLE_COUNT } from '../../../models/tokens/layout.ts'
import { emptyStar } from '../../../models/tokens/tokenizer.ts'

const place = (name: (typeof modelObservables)[number]) => modelObservables.indexOf(name)
const [G, KS, W1, PARALLAX] = [place('gMag'), place('ksMag'), place('w1Mag'), place('parallaxMas')]
const table = () => Array.from({ length: OBSERVABLE_COUNT }, () => new Array<number>(OBSERVABLE_COUNT).fill(0))
const [colourMean, colourSd] = [table(), table()]
colourMean[W1][KS] = -0.1
colourSd[W1][KS] = 0.3
colourMean[W1][G] = -2.5
colourSd[W1][G] = 1.5
const scale = {
  observableMean: new Array<number>(OBSERVABLE_COUNT).fill(12),
  observableSd: new Array<number>(OBSERVABLE_COUNT).fill(4),
  colourMean,
  colourSd,
}

function givenOf(magnitudes: Readonly<Record<number, number>>) {
  const star = emptyStar()
  for (const [o, value] of Object.entries(magnitudes)) {
    star.values[Number(o)] = value
    star.present[Number(o)] = 1
  }
  return star
}

test('an asked magnitude stands against the given band that it follows best', () => {
  const nearest = askedScale(scale, givenOf({ [G]: 14, [KS]: 11 }))
  expect(nearest.zero[W1]).toBeCloseTo(10.9, 12)
  expect(nearest.unit[W1]).toBe(0.3)
  const onlyG = askedScale(scale, givenOf({ [G]: 14 }))
  expect(onlyG.zero[W1]).toBeCloseTo(11.5, 12)
  expect(onlyG.unit[W1]).toBe(1.5)
})

test('with nothing beside it the prior is its scale, and a limit is no neighbour', () => {
  expect(askedScale(scale, emptyStar()).zero[W1]).toBe(12)
  const limited = givenOf({ [KS]: 11 })
  limited.limits[KS] = 1
  expect(askedScale(scale, limited).unit[W1]).toBe(4)
})

test('latents go back to what they came from', () => {
  const asked = askedScale(scale, givenOf({ [KS]: 11 }))
  for (const [o, value] of [
    [W1, 10.7],
    [PARALLAX, -3.2],
    [PARALLAX, 250],
    [G, 15.5],
  ])
    expect(observableFromLatent(asked, o, observableLatent(asked, o, value))).toBeCloseTo(value, 9)
})

import { expect, test } from 'vitest'
import {
  checkForwardRecipe,
  column,
  gapDefaults,
  MIN_GAP_STARS,
  openSimulator,
  type Simulation,
} from '../../../models/index.ts'
import { readDemoPlan } from '../../../ops/demo/demoPlan.ts'
import type { RealStar, StarGroup } from '../../../ops/evaluation/realStar.ts'
import { gapDocument } from '../../../ops/gap/gapDocument.ts'
import { type GapPopulation, gapPopulations } from '../../../ops/gap/gapPopulations.ts'
import { realRows, runGap, simulatedRows } from '../../../ops/gap/gapRun.ts'
import { surveySubsets } from '../../../ops/gap/surveySubsets.ts'
import { markdownPage } from '../../../ops/report/markdownPage.ts'

const [gaia, twoMass] = surveySubsets
const pleiades = gapPopulations.find(({ name }) => name === 'pleiades')
if (pleiades === undefined) throw new Error('the Pleiades are not among the populations')

function drawOf(components: readonly object[], seed: number, count: number): Simulation {
  return openSimulator(checkForwardRecipe({ name: 'test', components }, () => 'test')).draw({ seed, first: 0, count })
}

/** Simulated stars dressed as real ones. */
function dressed(drawn: Simulation, shiftMag: (name: string) => number): readonly RealStar[] {
  return Array.from({ length: drawn.count }, (_, i) => ({
    input: {
      key: `star ${i}`,
      given: [...drawn.presence].flatMap(([quantity, presence]) =>
        presence[i] === 1
          ? [
              {
                quantity,
                value: column(drawn.observables, quantity)[i] + shiftMag(quantity),
                err: column(drawn.errors, quantity)[i],
                isLimit: false,
              },
            ]
          : [],
      ),
    },
    labels: [],
    flags: [],
    saturated: [],
    isMember: true,
  }))
}

const groupOf = (stars: readonly RealStar[]): StarGroup => ({
  ...{ name: 'mine', title: 'Mine', cluster: null, surveys: [], reference: 'a paper.', stars },
  leftOut: new Map(),
})
const population: GapPopulation = { ...pleiades, group: 'mine', components: pleiades.components }
const drawn = drawOf(pleiades.components, 77, 500)
const request = {
  populations: [population],
  seed: 1,
  signal: new AbortController().signal,
  size: { ...gapDefaults, seeds: [1], maxStars: 250, drawnStars: 1500 },
}

test('a population whose stars are those of its recipe has no gap, and one with a shifted colour has', async () => {
  const same = await runGap({ ...request, groups: [groupOf(dressed(drawn, () => 0))] })
  const [first] = same[0].gaps
  // 250 stars a side: a score scatters by 0.022, four of them are 0.09.
  expect(first.colours.starCount).toBe(250)
  expect(Math.abs(first.colours.accuracy - 0.5)).toBeLessThan(0.09)
  const shifted = dressed(drawn, name => (name === 'jMag' ? 0.3 : 0))
  const moved = await runGap({ ...request, groups: [groupOf(shifted)] })
  const found = moved[0].gaps.find(({ subset }) => subset === twoMass)
  expect(found?.colours.accuracy).toBeGreaterThan(0.7)
  expect(found?.colours.separators[0].feature).toBe('jMag - hMag')
  expect(Math.abs((found?.colours.separators[0].medianShift ?? 0) + 0.3)).toBeLessThan(0.05)

  const page = markdownPage(gapDocument(moved, 'birthline gap'), 'figures').text
  expect(page).toContain('| 2MASS |')
  expect(page).toContain('jMag - hMag (KS')
  expect(page).toContain('Pleiades, 112 Myr (a paper)')
})

test('a star counts where it has every band, and limits are no measurements', () => {
  const [star] = dressed(drawOf([{ kind: 'cluster', distancePc: 136, ageMyr: 100 }], 1, 1), () => 0)
  expect(realRows([star], gaia)).toHaveLength(3)
  const isBp = (quantity: string) => quantity === 'bpMag'
  const without = { ...star, input: { ...star.input, given: star.input.given.filter(one => !isBp(one.quantity)) } }
  expect(realRows([without], gaia)).toEqual([])
  const given = star.input.given.map(one => (isBp(one.quantity) ? { ...one, isLimit: true } : one))
  expect(realRows([{ ...star, input: { ...star.input, given } }], gaia)).toEqual([])
})

test('simulated stars outside the range of the real magnitudes are left out', () => {
  const rows = simulatedRows([drawn], gaia, [10, 14])
  const magnitudes = rows.filter((_, i) => i % 3 === 0)
  expect(magnitudes.length).toBeGreaterThan(20)
  expect(magnitudes.every(mag => mag >= 10 && mag <= 14)).toBe(true)
})

test('groups that are not at hand and subsets with few stars are left out', async () => {
  expect(await runGap({ ...request, groups: [] })).toEqual([])
  const [few] = await runGap({
    ...request,
    groups: [groupOf(dressed(drawOf(pleiades.components, 3, MIN_GAP_STARS - 10), () => 0))],
  })
  expect(few.gaps).toEqual([])
  expect(few.leftOut).toEqual(surveySubsets)
})

test('every recipe of the populations can be drawn, and every demo group is one of the demo', () => {
  const clusters = readDemoPlan().clusters.map(({ cluster }) => `${cluster}Demo`)
  for (const { name, group, components } of gapPopulations) {
    const drawnStars = drawOf(components, 1, 20)
    expect(drawnStars.count, name).toBe(20)
    if (group.endsWith('Demo')) expect(clusters).toContain(group)
  }
})

test('an interruption ends the comparison', async () => {
  const groups = [groupOf(dressed(drawn, () => 0))]
  await expect(runGap({ ...request, groups, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
})

import { expect, test } from 'vitest'
import { calibratePattern, calibrationDefaults } from '../../../models/calibration/calibrationReport.ts'
import { posteriorDraws } from '../../../models/calibration/posteriorDraws.ts'
import { createRng } from '../../../models/math/rng.ts'
import { agePlot } from '../../../ops/figures/agePlot.ts'
import { calibrationPlot } from '../../../ops/figures/calibrationPlot.ts'
import { clusterPlot } from '../../../ops/figures/clusterPlot.ts'
import { cornerPlot } from '../../../ops/figures/cornerPlot.ts'
import { evolutionPlot } from '../../../ops/figures/evolutionPlot.ts'
import { lossPlot } from '../../../ops/figures/lossPlot.ts'
import { populationPlot } from '../../../ops/figures/populationPlot.ts'
import { derivedNames, parameterNames } from '../../../schemas/index.ts'
import { figureFaults, textBoxes } from './svgTexts.ts'

const names = [...parameterNames, ...derivedNames]
const centres = [6.8, -0.3, 0.02, 3.58, -0.5, 0.6, 2.14, 0.2, 4.1]
const gaussian = (seed: number, centre: number, sd: number, count = 400) => {
  const rng = createRng(seed)
  return Float64Array.from({ length: count }, () => centre + sd * rng.normal())
}
const star = (count: number) => names.slice(0, count).map((_, p) => gaussian(p + 1, centres[p], 0.1 + 0.05 * p))

function calibrated(parameterCount: number) {
  const rng = createRng(3)
  const truths = new Float64Array(60 * parameterCount)
  const samples = new Float64Array(truths.length * 40)
  for (let i = 0; i < truths.length; i++) truths[i] = rng.normal()
  for (let i = 0; i < samples.length; i++) samples[i] = rng.normal()
  const probabilities = Float64Array.from({ length: 240 }, (_, i) => [0.4, 0.3, 0.2, 0.1][i % 4])
  return calibratePattern(
    posteriorDraws(names.slice(0, parameterCount), truths, samples),
    {
      names: ['youngDisk', 'youngDiskless', 'mainSequence', 'giant'],
      probabilities,
      truths: Int32Array.from({ length: 60 }, (_, i) => i % 4),
      unions: new Map([['young', ['youngDisk', 'youngDiskless']]]),
    },
    { name: 'no AllWISE', given: ['gMag'], missing: ['w1Mag'], share: 0.2 },
    calibrationDefaults,
    createRng(4),
  )
}

const ages = () => {
  const truths = gaussian(1, 8, 1)
  return { truths, medians: truths.map((age, i) => age + 0.2 * Math.sin(i)) }
}
const literature = [
  { logAgeYr: 7.5, logAgeErr: 0.1, source: 'Dias 2021' },
  { logAgeYr: 7.7, logAgeErr: null, source: 'Cantat-Gaudin 2020' },
]
const losses = Array.from({ length: 50 }, (_, k) => ({ step: 100 * k, loss: 1 / (k + 1) }))

const populations = (panelCount: number, classes: readonly string[], isMap = false) => ({
  title: 'Simulated stars',
  subtitle: '4,000 stars of the recipe pilot, seed 1',
  realNote: '200 real stars as points',
  classes,
  panels: Array.from({ length: panelCount }, (_, k) => ({
    heading: 'J \u2212 H against H \u2212 K_s',
    x: { label: 'H \u2212 K_s (mag)' },
    y: { label: 'M_G (mag)', isReversed: k % 2 === 0 },
    simulated: classes.map((_, i) => {
      const count = i === 1 ? 12 : 900
      return { xs: [...gaussian(10 * k + i, i, 0.4, count)], ys: [...gaussian(20 * k + i, 2 * i, 1, count)] }
    }),
    real: isMap ? { xs: [], ys: [] } : { xs: [...gaussian(5, 1, 1, 200)], ys: [...gaussian(6, 2, 2, 200)] },
    isMap,
  })),
})

const figures: readonly (readonly [string, () => string])[] = [
  ...[1, 2, 3, 5, 9].map(
    count =>
      [
        `a corner plot of ${count} parameters`,
        () =>
          cornerPlot({
            title: 'Gaia DR3 4611686018427387904',
            subtitle: 'Gaia DR3 and 2MASS, 400 samples',
            names: names.slice(0, count),
            samples: star(count),
            references: centres.slice(0, count).map((value, p) => (p % 2 === 0 ? value : null)),
            classes: [
              { name: 'young disk', probability: 0.9 },
              { name: 'giant', probability: 0.1 },
            ],
          }),
      ] as const,
  ),
  ...[1, 5, 9].map(
    count => [`a calibration sheet of ${count} parameters`, () => calibrationPlot(calibrated(count))] as const,
  ),
  [
    'true against predicted age',
    () =>
      agePlot({
        title: 'Ages',
        subtitle: 'simulated',
        quantity: 'logAgeYr',
        panels: [
          { heading: 'this model', ...ages() },
          { heading: 'NPE', ...ages() },
        ],
      }),
  ],
  [
    'a posterior as surveys arrive',
    () =>
      evolutionPlot({
        title: 'A star',
        subtitle: 'three surveys',
        names: ['logAgeYr', 'logTeffK', 'avMag', 'logDistancePc'],
        stages: ['Gaia DR3', '+ 2MASS', '+ AllWISE'].map((label, k) => ({
          label,
          samples: [6.8, 3.58, 0.6, 2.14].map((centre, p) => gaussian(10 * k + p, centre, 0.3 / (k + 1))),
        })),
        references: [6.5, null, null, 2.1],
      }),
  ],
  [
    'populations in four panels',
    () => populationPlot(populations(4, ['young disk', 'young diskless', 'main sequence', 'giant'])),
  ],
  ['maps of ten classes', () => populationPlot(populations(2, Array(10).fill('planetary nebula'), true))],
  ['a single panel of one class', () => populationPlot(populations(1, ['giant']))],
  ['training curves', () => lossPlot('Training', '5,000 steps', [{ name: 'training', points: losses }])],
  [
    'ages of clusters',
    () =>
      clusterPlot(
        'Clusters',
        'joined posteriors',
        ['NGC 2547', 'Praesepe', 'M67'].map((name, k) => ({
          name,
          starCount: 1200,
          samples: gaussian(k, 7.5 + k, 0.3),
          literature,
        })),
      ),
  ],
]

for (const [name, draw] of figures) {
  test(`${name}: nothing cut off, overlapping, unnamed or fetched from outside`, () => {
    expect(figureFaults(draw())).toEqual([])
  })

  test(`${name}: the same input gives the same bytes`, () => {
    expect(draw()).toBe(draw())
  })
}

test('the search for faults finds a text that is cut off, one that overlaps and a number that is none', () => {
  const bad =
    '<svg width="50" height="20"><text x="10" y="10" font-size="10">first</text><text x="12" y="12" font-size="10">NaN second text</text></svg>'
  const faults = figureFaults(bad)
  expect(faults).toContain('cut off: NaN second text')
  expect(faults).toContain('overlap: first | NaN second text')
  expect(faults).toContain('holds NaN')
  expect(faults).toContain('no title or description')
})

test('a corner plot writes the median and interval of its samples over each column', () => {
  const samples = Float64Array.from({ length: 1001 }, (_, k) => k / 1000)
  const texts = textBoxes(cornerPlot({ title: 't', subtitle: 's', names: ['avMag'], samples: [samples] })).map(
    box => box.text,
  )
  expect(texts).toEqual(expect.arrayContaining(['0.50', '+0.34', '\u22120.34', 'A_V'.replace('_', ''), 'AV (mag)']))
})

test('samples that are all alike, few or out of range still give a sound figure', () => {
  for (const values of [
    [0, 0, 0],
    [3.5, 3.6],
    [99, 99.5],
  ]) {
    const columns = [values, values.map(value => value * 2), values.map(() => 1)]
    const input = { title: 'few', subtitle: 'samples', names: ['avMag', 'logTeffK', 'fehDex'], samples: columns }
    expect(figureFaults(cornerPlot(input))).toEqual([])
    const stages = [{ label: 'Gaia DR3', samples: columns }]
    expect(figureFaults(evolutionPlot({ ...input, stages }))).toEqual([])
  }
})

test('a comparison of ages states bias and scatter of its residuals', () => {
  const truths = Float64Array.from({ length: 2001 }, (_, k) => 6 + k / 1000)
  const medians = truths.map((age, k) => age + 0.1 + 0.5 * (((k * 7) % 2001) / 1000 - 1))
  const svg = agePlot({ title: 't', subtitle: 's', quantity: 'logAgeYr', panels: [{ heading: 'h', truths, medians }] })
  expect(svg).toContain('bias +0.10, scatter 0.34 dex')
  expect(svg).toContain('0.0% off by more than 1 dex')
  // Above the frame, where they hide no star.
  const notes = textBoxes(svg).filter(({ text }) => /scatter|off by more/.test(text))
  expect(notes.map(({ bottom }) => bottom < 118)).toEqual([true, true])
})

test('samples that do not fit are refused', () => {
  expect(() => cornerPlot({ title: '', subtitle: '', names: ['avMag'], samples: [] })).toThrow(RangeError)
  expect(() => cornerPlot({ title: '', subtitle: '', names: ['a', 'b'], samples: [[1, 2], [1]] })).toThrow(RangeError)
  expect(() => lossPlot('', '', [])).toThrow(RangeError)
  expect(() => clusterPlot('', '', [])).toThrow(RangeError)
  expect(() => populationPlot(populations(0, []))).toThrow(RangeError)
  expect(() => evolutionPlot({ title: '', subtitle: '', names: ['a'], stages: [] })).toThrow(RangeError)
  const panels = [{ heading: 'h', truths: [1], medians: [1, 2] }]
  expect(() => agePlot({ title: '', subtitle: '', quantity: 'logAgeYr', panels })).toThrow(RangeError)
})

test('a population says how many stars of each class are in each panel, and real ones are told only where there are any', () => {
  const svg = populationPlot(populations(1, ['young disk', 'giant']))
  expect(svg).toContain('900 young disk, 12 giant; 200 real stars.')
  const texts = (figure: string) => textBoxes(figure).map(({ text }) => text)
  expect(texts(svg)).toContain('4,000 stars of the recipe pilot, seed 1; 200 real stars as points')
  const map = texts(populationPlot(populations(1, ['young disk', 'giant'], true)))
  expect(map).toContain('4,000 stars of the recipe pilot, seed 1')
  expect(map).not.toContain('real stars')
})

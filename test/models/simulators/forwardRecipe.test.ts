import { describe, expect, test } from 'vitest'
import { checkForwardRecipe, componentKinds, missingModes } from '../../../models/simulators/forwardRecipe.ts'
import { associationNames, modelSetNames } from '../../../models/simulators/recipeNames.ts'

const place = (keys: readonly (string | number)[]) => `mine.yaml at ${keys.join('/')}`
const check = (value: unknown) => checkForwardRecipe(value, place)
const pilot = { name: 'mine', components: [{ kind: 'pilot' }] }
const of = (component: object) => ({ name: 'mine', components: [component] })

test('what a recipe leaves out is filled in', () => {
  const recipe = check(pilot)
  expect(recipe).toMatchObject({
    name: 'mine',
    seed: 1,
    missing: 'natural',
    surveys: ['gaiaDr3', 'twoMass', 'allWise'],
  })
  expect(recipe.components).toEqual([{ kind: 'pilot', share: 1 }])
  expect(check(of({ kind: 'ysoSets' })).components).toMatchObject([{ sets: modelSetNames }])
})

test('a recipe of every kind but the pilot is read as it is written', () => {
  const recipe = check({
    name: 'full-sky_1',
    seed: 7,
    missing: 'random50',
    tracks: { bhac15: 0.25, spots034: 0.75 },
    atmospheres: 'phoenix',
    extinction: { laws: { g23: 1 }, rv: { normal: [3.1, 0.3] } },
    components: [
      {
        kind: 'milkyWay',
        share: 0.4,
        region: { lDeg: 0, bDeg: -90, radiusDeg: 5 },
        limit: { band: 'johnsonVMag', mag: 14 },
      },
      { kind: 'association', share: 0.1, names: 'all' },
      { kind: 'cluster', share: 0.1, distancePc: 135, ageMyr: { log: [90, 130] }, avMag: [0, 1], isMultiple: false },
      { kind: 'youngField', share: 0.1 },
      { kind: 'ysoSets', share: 0.2, sets: ['sp--s-i', 'spubhmi'] },
      { kind: 'contaminants', share: 0.1, parts: { agn: 0.5, galaxy: 0.5 } },
    ],
  })
  expect(recipe.components.map(({ kind }) => kind)).toEqual(componentKinds.filter(kind => kind !== 'pilot'))
  expect(recipe.components[1]).toMatchObject({ names: associationNames })
  expect(recipe.components[2]).toMatchObject({
    distancePc: { law: 'fixed', value: 135 },
    ageMyr: { law: 'log', from: 90, to: 130 },
    avMag: { law: 'linear', from: 0, to: 1 },
    fehDex: { law: 'fixed', value: 0 },
  })
  expect(recipe.extinction.rv).toEqual({ law: 'normal', mean: 3.1, sigma: 0.3 })
  expect(recipe.atmospheres).toEqual({ phoenix: 1 })
})

test('there are 18 model sets and 27 associations, each named once', () => {
  expect([new Set(modelSetNames).size, new Set(associationNames).size]).toEqual([18, 27])
  expect(missingModes).toContain('natural')
})

describe('a bad recipe is one sentence that says where and what to do:', () => {
  for (const [what, value, sentence] of [
    ['no mapping', [1], "mine.yaml at : 'the recipe' is [1], which is no mapping; write it as 'key: value' lines."],
    ['nothing', null, "mine.yaml at : 'the recipe' is null, which is no mapping; write it as 'key: value' lines."],
    ['no name', { components: [] }, "mine.yaml at name: 'name' is missing; add it."],
    ['a name that is a path', { ...pilot, name: '../x' }, /'name' is "\.\.\/x"; write 1 to 64 letters, digits/],
    ['an unknown key', { ...pilot, sed: 1 }, /at sed: 'sed' is no key here; known are name, seed, components/],
    [
      'a key of another kind',
      of({ kind: 'pilot', distancePc: 1 }),
      /at components\/0\/distancePc: 'components\[0\]\.distancePc' is no key here; known are kind, share\./,
    ],
    ['half a seed', { ...pilot, seed: 0.5 }, /'seed' is 0\.5; write a whole number from 0/],
    ['a seed below zero', { ...pilot, seed: -1 }, /'seed' is -1; write a whole number from 0/],
    ['a text for a seed', { ...pilot, seed: '1' }, /'seed' is "1"; write a whole number/],
    ['no components', { name: 'mine', components: [] }, /'components' is no list of 1 to 64 components/],
    ['too many components', { name: 'mine', components: Array(65).fill({ kind: 'agn' }) }, /is no list of 1 to 64/],
    ['a component without a kind', of({ share: 1 }), /'components\[0\]' has no 'kind'; add one of pilot, milkyWay/],
    [
      'an unknown kind',
      of({ kind: 'nebula' }),
      /'components\[0\]\.kind' is "nebula", which is none of pilot, milkyWay/,
    ],
    ['a missing distance', of({ kind: 'cluster', ageMyr: 1 }), /'components\[0\]\.distancePc' is missing; add it/],
    [
      'a reversed range',
      of({ kind: 'cluster', ageMyr: 1, distancePc: [500, 100] }),
      /at components\/0\/distancePc: .* is reversed, 500 to 100; write the smaller number first\./,
    ],
    [
      'a reversed range of logarithms',
      of({ kind: 'cluster', ageMyr: { log: [9, 2] }, distancePc: 100 }),
      /'components\[0\]\.ageMyr\.log' is reversed/,
    ],
    [
      'a logarithm of zero',
      of({ kind: 'youngField', avMag: { log: [0, 2] } }),
      /'components\[0\]\.avMag\.log' begins at or below zero/,
    ],
    [
      'a range of three',
      of({ kind: 'cluster', ageMyr: 1, distancePc: [1, 2, 3] }),
      /distancePc' is \[1,2,3\]; write \[from, to\]/,
    ],
    ['a spread of no law', of({ kind: 'youngField', avMag: { even: [0, 2] } }), /avMag' is .* write a number, a range/],
    [
      'a number that is none',
      of({ kind: 'youngField', avMag: Number.NaN }),
      /avMag' is NaN; write a number from 0 to 60/,
    ],
    [
      'distances without room between them',
      of({ kind: 'milkyWay', distancePc: [100, 100] }),
      /distancePc' begins and ends at 100; leave room between the two/,
    ],
    [
      'a limit that no survey reaches',
      of({ kind: 'milkyWay', limit: { band: 'gMag', mag: -3 } }),
      /limit\.mag' is -3; write a number from 0 to 25/,
    ],
    [
      'an R_V that its law is not made for',
      { ...pilot, extinction: { laws: { f19: 0.5, g23: 0.5 }, rv: [2, 2.2] } },
      /'extinction\.rv' never lies within 2\.3 to 5\.6, which g23 is made for; change either/,
    ],
    [
      'a value beyond bounds',
      of({ kind: 'youngField', avMag: [0, 61] }),
      /avMag\[1\]' is 61; write a number from 0 to/,
    ],
    [
      'shares that do not sum',
      {
        name: 'mine',
        components: [
          { kind: 'ysoSets', share: 0.5 },
          { kind: 'youngField', share: 0.4 },
        ],
      },
      /'components' has parts that sum to 0\.9; make them sum to 1/,
    ],
    [
      'the pilot beside others',
      {
        name: 'mine',
        components: [
          { kind: 'pilot', share: 0.5 },
          { kind: 'youngField', share: 0.5 },
        ],
      },
      /'components' has 'pilot' beside others/,
    ],
    ['weights that do not sum', { ...pilot, tracks: { mist12: 2 / 3 } }, /'tracks' has parts that sum to 0\.666667/],
    [
      'an unknown family',
      { ...pilot, tracks: { dartmouth: 1 } },
      /'tracks\.dartmouth' is "dartmouth", which is none of/,
    ],
    ['an unknown survey', { ...pilot, surveys: ['ukidss'] }, /'surveys\[0\]' is "ukidss", which is none of gaiaDr3/],
    ['a survey twice', { ...pilot, surveys: ['sdss', 'sdss'] }, /'surveys' has sdss twice; name it once/],
    ['no survey', { ...pilot, surveys: [] }, /'surveys' is \[\]; write all, or a list such as \[gaiaDr3, twoMass\]/],
    ['an unknown rule of gaps', { ...pilot, missing: 'some' }, /'missing' is "some", which is none of natural, none/],
    ['a yes that is text', of({ kind: 'association', isMultiple: 'yes' }), /isMultiple' is "yes"; write true or false/],
    [
      'a cone that is no mapping',
      of({ kind: 'milkyWay', region: 'pole' }),
      /'components\[0\]\.region' is "pole", which is no mapping/,
    ],
    [
      'a name that every object has',
      { ...pilot, constructor: 1 },
      /'constructor' is no key here; known are name, seed/,
    ],
  ] as const) {
    test(what, () => {
      const problem = () => check(value)
      expect(problem).toThrow(sentence)
      expect(problem).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
      expect(problem).not.toThrow(/\n/)
    })
  }
})

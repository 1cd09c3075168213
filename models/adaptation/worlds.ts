// Two worlds that differ as simulations differ from the sky: stars of the same ages and temperatures, behind the same dust, but
// tracks, so luminosities and masses, atmospheres, the law of extinction and the honesty of errors are others.
import { createRng } from '../math/rng.ts'
import type { Rebirth } from '../simulators/forward/starOrigins.ts'
import { checkForwardRecipe, type ForwardRecipe } from '../simulators/forwardRecipe.ts'
import { galaxySlot } from '../simulators/galaxy/starSource.ts'
import { openSimulator } from '../simulators/openSimulator.ts'
import { evolutionFamilies } from '../simulators/recipeNames.ts'
import type { Simulation, Simulator } from '../simulators/simulator.ts'
import { createStarTracks } from '../simulators/tracks/starTracks.ts'

export interface World {
  readonly recipe: ForwardRecipe
  /** True errors over stated ones. */
  readonly errorRatio: number
}

/** What both worlds share: young stars of all ages that the tracks of both have, near enough to be seen. */
const prior = {
  components: [
    {
      kind: 'youngField',
      distancePc: { log: [50, 400] },
      ageMyr: { log: [1, 60] },
      avMag: [0, 3],
      diskFraction: 0.3,
    },
  ],
  surveys: ['gaiaDr3', 'twoMass', 'allWise', 'gaiaXp'],
  limits: false,
}

const worldOf = (name: string, models: object, errorRatio: number): World => ({
  recipe: checkForwardRecipe({ name, ...prior, ...models }, keys => `the world ${name}, ${keys.join('.')}`),
  errorRatio,
})

/** What the model is taught: errors as stated. */
export const simulatedWorld = worldOf(
  'simulations',
  { tracks: 'parsec12', atmospheres: 'kurucz', extinction: { laws: 'g23', rv: 3.1 } },
  1,
)

/** What stands for the sky: magnetic stars, another library, larger grains, and errors that are half as large again as stated. */
export const skyWorld = worldOf(
  'sky',
  { tracks: 'feidenMagnetic', atmospheres: 'btSettl', extinction: { laws: 'ccm89', rv: 4 } },
  1.5,
)

/** Masses between which a temperature is looked for, and in how many steps. */
const masses = { low: Math.log10(0.1), high: Math.log10(1.6), steps: 60, halvings: 20 } as const

/**
 * Gives a star of the mass function the mass at which the world's tracks are as hot as those of `hotAs` are at its own, so that
 * temperatures have one prior in all worlds. A star that either tracks lack, or of more than 1.2 Msun, is drawn in no world.
 *
 * @param tracks of the world, and of all worlds: numbers of `starFamilies`
 */
export function rebirthIn(own: number, worlds: readonly number[], hotAs: number): Rebirth {
  const tracks = createStarTracks()
  const state = new Float64Array(3)
  const temperatureAt = (logAgeYr: number, logMass: number, feh: number, family: number) =>
    tracks.starInto(logAgeYr, logMass, feh, family, state) < 0 ? Number.NaN : state[0]

  /** The lightest star that is so hot; infinite where there is none. */
  function massOf(logTeffK: number, logAgeYr: number, feh: number, family: number): number {
    const at = (k: number) => masses.low + (k / masses.steps) * (masses.high - masses.low)
    if (Number.isNaN(logTeffK)) return Number.POSITIVE_INFINITY
    let isCooler = temperatureAt(logAgeYr, masses.low, feh, family) <= logTeffK
    for (let k = 0; k < masses.steps; k++) {
      let [low, high] = [at(k), at(k + 1)]
      const wasCooler = isCooler
      const highLogTeffK = temperatureAt(logAgeYr, high, feh, family)
      isCooler = highLogTeffK <= logTeffK
      if (!wasCooler || !(highLogTeffK > logTeffK)) continue
      for (let h = 0; h < masses.halvings; h++) {
        const middle = (low + high) / 2
        if (temperatureAt(logAgeYr, middle, feh, family) > logTeffK) high = middle
        else low = middle
      }
      return low
    }
    return Number.POSITIVE_INFINITY
  }

  return star => {
    const [logAgeYr, feh, born] = [galaxySlot.logAgeYr, galaxySlot.fehDex, galaxySlot.logMassMsun].map(k => star[k])
    const logTeffK = born > MAX_LOG_MASS_MSUN ? Number.NaN : temperatureAt(logAgeYr, born, feh, hotAs)
    const all = worlds.map(family => massOf(logTeffK, logAgeYr, feh, family))
    star[galaxySlot.logMassMsun] = all.every(Number.isFinite) ? all[worlds.indexOf(own)] : Number.POSITIVE_INFINITY
  }
}

const MAX_LOG_MASS_MSUN = Math.log10(1.2)
const PURPOSE = 0xe44
/** The simulator of a world's stars, as the two worlds of this page have them. */
export function openWorldSimulator(world: World): Simulator {
  const families = [simulatedWorld, skyWorld].map(familyOf)
  return openSimulator(world.recipe, undefined, rebirthIn(familyOf(world), families, familyOf(simulatedWorld)))
}

const familyOf = ({ recipe }: World) => evolutionFamilies.findIndex(name => (recipe.tracks[name] ?? 0) > 0)

const coefficientLists = ['bpCoefficients', 'rpCoefficients'] as const

/**
 * Noise on top of what the surveys state, in place: stars first to first + count - 1 of the seed.
 *
 * @param floors [observables] errors that are added to the stated ones in quadrature, by name
 * @throws RangeError when the ratio is below 1
 */
export function misjudgeErrors(
  simulation: Simulation,
  errorRatio: number,
  floors: ReadonlyMap<string, number>,
  { seed, first }: { readonly seed: number; readonly first: number },
): void {
  if (!(errorRatio >= 1)) throw new RangeError(`misjudgeErrors: errors ${errorRatio} times as large as stated`)
  const extra = Math.sqrt(errorRatio ** 2 - 1)
  if (extra === 0) return
  const rng = createRng(seed, PURPOSE)
  const columns = [...simulation.observables].map(([name, values]) => ({
    ...{ values, floor: floors.get(name) ?? 0 },
    errors: simulation.errors.get(name),
    presence: simulation.presence.get(name),
  }))
  const lists = coefficientLists.map(name => {
    const errors = simulation.lists?.get(name.replace('Coefficients', 'CoefficientErrors'))
    return { list: simulation.lists?.get(name), errors }
  })
  for (let i = 0; i < simulation.count; i++) {
    rng.seek(first + i)
    for (const { values, errors, presence, floor } of columns) {
      const noise = rng.normal()
      if (errors !== undefined && presence?.[i] === 1) values[i] += extra * Math.hypot(errors[i], floor) * noise
    }
    for (const { list, errors } of lists) {
      if (list === undefined || errors === undefined || list.presence[i] === 0) continue
      const width = list.values.length / simulation.count
      for (let k = i * width; k < (i + 1) * width; k++) list.values[k] += extra * errors.values[k] * rng.normal()
    }
  }
}

// What lines take away from the continuum of a star, on the fine grid.
import { atomicLines, species } from './atomicLines.ts'
import { FINE_COUNT, FINE_LN_STEP, FINE_LOG10_START, fineAngstrom, LIGHT_KM_PER_S } from './fineGrid.ts'
import { hydrogenLines, starkWidthAngstrom } from './hydrogenLines.ts'
import { addBandDepth } from './molecularBands.ts'
import { createLayer, type Layer } from './oneLayer.ts'

/** Lines are laid out in steps of 2.9 km/s, closer than they are wide. */
const PARTS = 12
const STEP = FINE_LN_STEP / PARTS
const COUNT = FINE_COUNT * PARTS
const LN_START = FINE_LOG10_START * Math.LN10
/** Temperature of the layer as a share of the effective one: metals form high, hydrogen's levels only fill deep. */
const METAL_SHARE = 0.9
const BALMER_SHARE = 1.1
const PASCHEN_SHARE = 1
/** What an opaque line takes at most: what is left is the chromosphere's and the upper layers'. */
const METAL_DARKNESS = 0.92
const HYDROGEN_DARKNESS = 0.8
const TURBULENCE_KM_PER_S = 2
/**
 * One layer makes all lines too strong, and those at long wavelengths most, where the light comes from a smaller range of temperatures.
 * log10 of what opacities are cut to, so that the Sun's strongest lines (Moore+ 1966) come out; Ca II H and K need little.
 */
const SOLAR_CUT_DEX = -0.85
const BLUE_CALCIUM_CUT_DEX = -0.2
const BLUE_CALCIUM_ANGSTROM = [3930, 3972] as const
/** Molecules make cool stars opaque between lines too, which the layer does not know: dex per kelvin below, set by Na D and K I of M dwarfs. */
const COOL_CUT = { belowK: 4400, dexPerK: 0.0011 } as const
/** pi e^2 / (m c), cm2 Hz, and k / m_u in (km/s)^2 per K. */
const CROSS_SECTION = 0.02654
const KM2_PER_S2_K = 8.3145e-3
/** Where a wing ends, against the continuum. */
const FAINT = 1e-3

/**
 * Share of the continuum that is left, for a Milne-Eddington layer in equilibrium: darkness x opacity / (1 + opacity), metals, hydrogen and bands one behind the other.
 *
 * @returns [9490] means over the bins of the fine grid, above 0 to 1
 *
 * Accuracy: equivalent widths of the Sun's strong lines within a factor of 1.5 (test/models/simulators/spectra/lineAbsorption.test.ts);
 * no helium, no hyperfine structure, no departure from equilibrium. Source: Gray 2005, chapters 8 to 14.
 */
export function lineTransmission(teffK: number, loggDex: number, fehDex: number): Float64Array {
  const left = new Float64Array(COUNT)
  const cutDex = SOLAR_CUT_DEX - COOL_CUT.dexPerK * Math.max(0, COOL_CUT.belowK - teffK)
  addMetals(createLayer(METAL_SHARE * teffK, loggDex, fehDex), fehDex, cutDex, left)
  for (let i = 0; i < COUNT; i++) left[i] = 1 - (METAL_DARKNESS * left[i]) / (1 + left[i])
  const hydrogen = new Float64Array(COUNT)
  addHydrogen(2, createLayer(BALMER_SHARE * teffK, loggDex, fehDex), hydrogen)
  addHydrogen(3, createLayer(PASCHEN_SHARE * teffK, loggDex, fehDex), hydrogen)
  for (let i = 0; i < COUNT; i++) left[i] *= 1 - (HYDROGEN_DARKNESS * hydrogen[i]) / (1 + hydrogen[i])
  const bands = new Float64Array(FINE_COUNT)
  addBandDepth(fineAngstrom, teffK, loggDex, fehDex, bands)
  return bands.map((depth, bin) => {
    let sum = 0
    for (let k = 0; k < PARTS; k++) sum += left[bin * PARTS + k]
    return (sum / PARTS) * Math.exp(-depth)
  })
}

/** Adds opacities over the continuum's. */
function addMetals(layer: Layer, fehDex: number, cutDex: number, ratio: Float64Array): void {
  const { temperatureK, neutralCm3 } = layer
  const theta = 5039.8 / temperatureK
  for (const { element, charge, vacuumAngstrom, gfDex, lowerEv, collisionDex } of atomicLines) {
    const one = species[element]
    const doppler = Math.sqrt((2 * KM2_PER_S2_K * temperatureK) / one.massAmu + TURBULENCE_KM_PER_S ** 2)
    const cmPerS = doppler * 1e5
    const cm = vacuumAngstrom * 1e-8
    const perNucleus = 10 ** (one.abundanceDex - 12 + fehDex) * layer.shareOf(one, charge)
    const isOther =
      element !== 'Ca' || vacuumAngstrom < BLUE_CALCIUM_ANGSTROM[0] || vacuumAngstrom > BLUE_CALCIUM_ANGSTROM[1]
    const levels =
      10 ** (gfDex + (isOther ? cutDex : cutDex - SOLAR_CUT_DEX + BLUE_CALCIUM_CUT_DEX) - theta * lowerEv) /
      one.partition[charge]
    const stimulated = 1 - 10 ** ((-theta * 12398.4) / vacuumAngstrom)
    const centre =
      (perNucleus * levels * CROSS_SECTION * cm * stimulated) /
      (Math.sqrt(Math.PI) * cmPerS * layer.continuumOpacity(vacuumAngstrom))
    // Collisions with hydrogen, and 1e8 per second by itself.
    const perS = 10 ** collisionDex * neutralCm3 * (temperatureK / 1e4) ** 0.3 + 1e8
    const damping = (perS * cm) / (4 * Math.PI * cmPerS) / Math.sqrt(Math.PI)
    const reach = Math.max(4, Math.sqrt((centre * damping) / FAINT))
    const place = (Math.log(vacuumAngstrom) - LN_START) / STEP - 0.5
    const width = doppler / LIGHT_KM_PER_S / STEP
    addProfile(ratio, place, width, reach, u2 => centre * (Math.exp(-u2) + damping / (u2 + 1)))
  }
}

function addHydrogen(series: number, layer: Layer, ratio: Float64Array): void {
  const { temperatureK, electronCm3, neutralShare } = layer
  const theta = 5039.8 / temperatureK
  for (const line of hydrogenLines.filter(({ lower }) => lower === series)) {
    const { lower, vacuumAngstrom, strength } = line
    const levels = lower ** 2 * 10 ** (-theta * 13.598 * (1 - lower ** -2))
    const stimulated = 1 - 10 ** ((-theta * 12398.4) / vacuumAngstrom)
    const thermal = (Math.sqrt(2 * KM2_PER_S2_K * temperatureK) / LIGHT_KM_PER_S) * vacuumAngstrom
    // Thermal motion blunts the centre of the fields' profile and takes what that lacks; the wings stay those of the fields.
    const stark = starkWidthAngstrom(line, electronCm3)
    const half = stark + thermal / 2
    const blunted = (stark / half) ** 1.5
    const perAngstrom = CROSS_SECTION * strength * (vacuumAngstrom ** 2 / 2.9979e18)
    const total = (neutralShare * levels * stimulated * perAngstrom) / layer.continuumOpacity(vacuumAngstrom)
    const wing = (total * 0.75 * blunted) / half
    const core = (total * (1 - blunted)) / (Math.sqrt(Math.PI) * thermal)
    const perHalf2 = (half / thermal) ** 2
    const reach = Math.max(4, Math.min(60, (wing / FAINT) ** 0.4))
    const place = (Math.log(vacuumAngstrom) - LN_START) / STEP - 0.5
    const width = half / vacuumAngstrom / STEP
    addProfile(ratio, place, width, reach, u2 => wing * (1 + Math.sqrt(u2)) ** -2.5 + core * Math.exp(-u2 * perHalf2))
  }
}

/** @param place, width in parts; @param reach in widths; @param profile of the square of the distance in widths */
function addProfile(
  ratio: Float64Array,
  place: number,
  width: number,
  reach: number,
  profile: (u2: number) => number,
): void {
  const first = Math.max(0, Math.ceil(place - reach * width))
  const last = Math.min(ratio.length - 1, Math.floor(place + reach * width))
  for (let i = first; i <= last; i++) ratio[i] += profile(((i - place) / width) ** 2)
}

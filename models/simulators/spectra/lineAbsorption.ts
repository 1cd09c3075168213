// What lines take away from the continuum of a star, on a fine grid.
import { type AtomicLine, allSpecies } from './atomicLines.ts'
import { type FineGrid, LIGHT_KM_PER_S } from './fineGrid.ts'
import { hydrogenLines, starkWidthAngstrom } from './hydrogenLines.ts'
import { createLayer, type Layer } from './oneLayer.ts'

/** Lines of molecules of one kind. */
export interface MoleculeLines {
  readonly massAmu: number
  /** Molecules per hydrogen nucleus over their partition function. */
  readonly perNucleus: number
  readonly lines: readonly Pick<AtomicLine, 'vacuumAngstrom' | 'gfDex' | 'lowerEv'>[]
}

/** Which lines a part of the spectrum has, and what is set by hand for them. */
export interface LineModel {
  readonly grid: FineGrid
  /** Lines are laid out in so many parts of a bin, closer than they are wide. */
  readonly parts: number
  readonly lines: readonly AtomicLine[]
  /** Temperature of the layer of metals and molecules as a share of the effective one. */
  readonly metalShare: number
  /** What an opaque line takes at most: what is left is the chromosphere's and the upper layers'. */
  metalDarkness(teffK: number): number
  /** log10 of what opacities of an atom's line are cut to. */
  cutDex(line: AtomicLine, teffK: number): number
  /** Series of hydrogen by their lower level, and the temperature where it is filled as a share of the effective one. */
  readonly series: readonly { readonly lower: number; readonly share: number }[]
  hydrogenDarkness(teffK: number): number
  molecules(layer: Layer, fehDex: number): readonly MoleculeLines[]
  /** @param depth [grid.count] optical depths of smooth bands, added to */
  addBandDepth(vacuumAngstrom: Float64Array, teffK: number, loggDex: number, fehDex: number, depth: Float64Array): void
}

const TURBULENCE_KM_PER_S = 2
/** pi e^2 / (m c), cm2 Hz, and k / m_u in (km/s)^2 per K. */
const CROSS_SECTION = 0.02654
const KM2_PER_S2_K = 8.3145e-3
/** Where a wing ends, against the continuum. */
const FAINT = 1e-3
/** Log10 of the width by collisions of a molecule's line: as of most atoms. */
const MOLECULE_COLLISION_DEX = -7.6

/** Opacities over the continuum's in the parts of the bins. */
interface Opacities {
  readonly ratio: Float64Array
  /** ln of the wavelength at the first edge, and from part to part. */
  readonly lnStart: number
  readonly lnStep: number
}

/**
 * Share of the continuum that is left, for a Milne-Eddington layer in equilibrium: darkness x opacity / (1 + opacity), metals with molecules, hydrogen and bands
 * one behind the other.
 *
 * @returns [grid.count] means over the bins, above 0 to 1
 *
 * Accuracy: equivalent widths of the Sun's strong lines within a factor of 1.6 (test/models/simulators/spectra/lineAbsorption.test.ts);
 * no helium, no hyperfine structure, no departure from equilibrium. Source: Gray 2005, chapters 8 to 14.
 */
export function lineTransmission(model: LineModel, teffK: number, loggDex: number, fehDex: number): Float64Array {
  const { grid, parts, metalShare } = model
  const metalDarkness = model.metalDarkness(teffK)
  const hydrogenDarkness = model.hydrogenDarkness(teffK)
  const count = grid.count * parts
  const opacities = () => ({
    ratio: new Float64Array(count),
    lnStart: grid.log10Start * Math.LN10,
    lnStep: grid.lnStep / parts,
  })
  const metals = opacities()
  const layer = createLayer(metalShare * teffK, loggDex, fehDex)
  addMetals(model, layer, teffK, fehDex, metals)
  for (const { massAmu, perNucleus, lines } of model.molecules(layer, fehDex)) {
    for (const { vacuumAngstrom, gfDex, lowerEv } of lines)
      addLine(
        layer,
        massAmu,
        perNucleus,
        vacuumAngstrom,
        gfDex - thetaOf(layer) * lowerEv,
        MOLECULE_COLLISION_DEX,
        metals,
      )
  }
  const left = metals.ratio
  for (let i = 0; i < count; i++) left[i] = 1 - (metalDarkness * left[i]) / (1 + left[i])
  const hydrogen = opacities()
  for (const { lower, share } of model.series) addHydrogen(lower, createLayer(share * teffK, loggDex, fehDex), hydrogen)
  const { ratio } = hydrogen
  for (let i = 0; i < count; i++) left[i] *= 1 - (hydrogenDarkness * ratio[i]) / (1 + ratio[i])
  const bands = new Float64Array(grid.count)
  model.addBandDepth(grid.angstrom, teffK, loggDex, fehDex, bands)
  return bands.map((depth, bin) => {
    let sum = 0
    for (let k = 0; k < parts; k++) sum += left[bin * parts + k]
    return (sum / parts) * Math.exp(-depth)
  })
}

const thetaOf = ({ temperatureK }: Layer) => 5039.8 / temperatureK

function addMetals(model: LineModel, layer: Layer, teffK: number, fehDex: number, opacities: Opacities): void {
  for (const line of model.lines) {
    const { element, charge, vacuumAngstrom, gfDex, lowerEv, collisionDex } = line
    const one = allSpecies[element]
    const perNucleus = 10 ** (one.abundanceDex - 12 + fehDex) * layer.shareOf(one, charge)
    const levelsDex = gfDex + model.cutDex(line, teffK) - thetaOf(layer) * lowerEv
    addLine(layer, one.massAmu, perNucleus, vacuumAngstrom, levelsDex, collisionDex, opacities, one.partition[charge])
  }
}

/** @param perNucleus absorbers per hydrogen nucleus; @param levelsDex log10 of g f and the Boltzmann factor, to be divided by `partition` */
function addLine(
  layer: Layer,
  massAmu: number,
  perNucleus: number,
  vacuumAngstrom: number,
  levelsDex: number,
  collisionDex: number,
  opacities: Opacities,
  partition = 1,
): void {
  const { temperatureK, neutralCm3 } = layer
  const doppler = Math.sqrt((2 * KM2_PER_S2_K * temperatureK) / massAmu + TURBULENCE_KM_PER_S ** 2)
  const cmPerS = doppler * 1e5
  const cm = vacuumAngstrom * 1e-8
  const levels = 10 ** levelsDex / partition
  const stimulated = 1 - 10 ** ((-thetaOf(layer) * 12398.4) / vacuumAngstrom)
  const centre =
    (perNucleus * levels * CROSS_SECTION * cm * stimulated) /
    (Math.sqrt(Math.PI) * cmPerS * layer.continuumOpacity(vacuumAngstrom))
  // Collisions with hydrogen, and 1e8 per second by itself.
  const perS = 10 ** collisionDex * neutralCm3 * (temperatureK / 1e4) ** 0.3 + 1e8
  const damping = (perS * cm) / (4 * Math.PI * cmPerS) / Math.sqrt(Math.PI)
  const reach = Math.max(4, Math.sqrt((centre * damping) / FAINT))
  const width = doppler / LIGHT_KM_PER_S / opacities.lnStep
  addProfile(opacities, vacuumAngstrom, width, reach, u2 => centre * (Math.exp(-u2) + damping / (u2 + 1)))
}

function addHydrogen(series: number, layer: Layer, opacities: Opacities): void {
  const { temperatureK, electronCm3, neutralShare } = layer
  const theta = thetaOf(layer)
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
    const width = half / vacuumAngstrom / opacities.lnStep
    const profile = (u2: number) => wing * (1 + Math.sqrt(u2)) ** -2.5 + core * Math.exp(-u2 * perHalf2)
    addProfile(opacities, vacuumAngstrom, width, reach, profile)
  }
}

/** @param width in parts; @param reach in widths; @param profile of the square of the distance in widths */
function addProfile(
  { ratio, lnStart, lnStep }: Opacities,
  vacuumAngstrom: number,
  width: number,
  reach: number,
  profile: (u2: number) => number,
): void {
  const place = (Math.log(vacuumAngstrom) - lnStart) / lnStep - 0.5
  const first = Math.max(0, Math.ceil(place - reach * width))
  const last = Math.min(ratio.length - 1, Math.floor(place + reach * width))
  for (let i = first; i <= last; i++) ratio[i] += profile(((i - place) / width) ** 2)
}

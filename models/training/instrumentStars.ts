// Simulated stars as several instruments see them: photometry and XP as the pilot's simulator draws them, and spectra of the same
// stars with pixels.

import { starClasses } from '../../schemas/index.ts'
import { modalityOf, photometryModality, xpModality } from '../encoders/modalities.ts'
import { type Modality, type PixelModality, spectrumTokens } from '../encoders/modality.ts'
import { emptyArrays, type TensorSpec } from '../engine/tensorSpec.ts'
import { createRng, type Rng } from '../math/rng.ts'
import type { GivenPixels } from '../posterior.ts'
import { column, type Simulation, type Simulator } from '../simulators/simulator.ts'
import type { SpectralTemplates } from '../simulators/spectra/spectralTemplates.ts'
import {
  type SpectrographFacts,
  type SpectrographName,
  spectrographNames,
  spectrographs,
} from '../simulators/spectra/spectrographFacts.ts'
import { createSpectrumSimulation, segmentOfSimulated } from '../simulators/spectra/spectrumSimulation.ts'
import { drawActivity } from '../simulators/spectra/stellarActivity.ts'
import { FEATURE_COUNT, OBSERVED_SLOTS, SPECTRA_SLOT } from '../tokens/layout.ts'
import { basesOf } from '../tokens/posteriorLatents.ts'
import { emptyStar, type ObservedStar, writeTokens } from '../tokens/tokenizer.ts'
import { type LatentScale, observedStar } from './starBatch.ts'

/** Of B stars: tensors `NAME.features` and `NAME.mask` of each modality, and `present` [B, modalities], 1 where it saw the star. */
export type InstrumentBatch = Record<string, Float32Array>

export interface InstrumentStars {
  readonly modalities: readonly Modality[]
  /** Stars first to first + count - 1 of the seed. */
  draw(seed: number, first: number, count: number): InstrumentBatch
  /** Writes what the instruments see of star i into a row of a batch. @returns whether each saw it, in the order of `present` */
  see(simulation: Simulation, i: number, rng: Rng, batch: InstrumentBatch, row: number): readonly boolean[]
}

const PURPOSE = 0x1f57
/** Signal over noise of a pixel: from faint to bright, as surveys deliver. */
const SIGNAL_TO_NOISE = { low: 8, high: 100 } as const
const ERROR_RATIO_DEX = 0.05

const pixels = spectrographNames.map(name => {
  const modality = modalityOf(name)
  if (modality === null) throw new TypeError(`no encoder reads ${name}`)
  return { name, modality }
})

/** Those of them whose spectra have pixels. */
export const simulatedPixels: readonly PixelModality[] = pixels.map(({ modality }) => modality)

/** What `createInstrumentStars` draws, in the order of `present`. */
export const instrumentModalities: readonly Modality[] = [photometryModality, xpModality, ...simulatedPixels]

/** Name -> shape of a batch, as `InstrumentStars` draws it. */
export function encoderBatch(rows: number): readonly TensorSpec[] {
  return [
    { name: 'present', shape: [rows, instrumentModalities.length] },
    ...instrumentModalities.flatMap(({ name, slots, features }) => [
      { name: `${name}.features`, shape: [rows, slots, features] },
      { name: `${name}.mask`, shape: [rows, slots] },
    ]),
  ]
}

/** Star i of a simulation by each instrument, in a night of its own; null where its templates hold no such star. */
export type PixelNights = (simulation: Simulation, i: number, rng: Rng) => readonly (GivenPixels | null)[]

/** @param templates in place of the built-in ones */
export function createPixelNights(names: readonly SpectrographName[], templates?: SpectralTemplates): PixelNights {
  const observe = createNights(names, templates)
  return (simulation, i, rng) => observe(spectralStar(simulation, i, rng), rng)
}

/** As `createPixelNights`, of the light of a star. */
export function createNights(
  names: readonly SpectrographName[],
  templates?: SpectralTemplates,
): (light: ReturnType<typeof spectralStar>, rng: Rng) => readonly (GivenPixels | null)[] {
  const instruments = names.map(survey => ({ survey, night: createSpectrumSimulation(survey, { templates }) }))
  return (light, rng) =>
    instruments.map(({ survey, night }) => {
      const observed = night.observe(light, drawNight(spectrographs[survey], rng), rng)
      return observed === undefined ? null : { survey, segments: [segmentOfSimulated(survey, observed)] }
    })
}

/**
 * @param simulator with spectra, see `createPilotSimulator`
 * @param scale of the model whose tokens photometry and XP are
 * @param templates of the spectra, in place of the built-in ones
 */
export function createInstrumentStars(
  simulator: Simulator,
  scale: LatentScale,
  templates?: SpectralTemplates,
): InstrumentStars {
  const nights = createPixelNights(
    pixels.map(({ name }) => name),
    templates,
  )
  const see: InstrumentStars['see'] = (simulation, i, rng, batch, row) => {
    const star = observedStar(simulation, i, scale.spectra, emptyStar())
    const seen = [writePhotometry(star, scale, batch, row), writeXp(star, scale, batch, row)]
    for (const [k, given] of nights(simulation, i, rng).entries()) {
      seen.push(given !== null)
      if (given !== null) writePixels(pixels[k].modality, given.segments, batch, row)
    }
    for (const [m, isSeen] of seen.entries()) batch.present[row * seen.length + m] = isSeen ? 1 : 0
    return seen
  }
  return {
    modalities: instrumentModalities,
    see,
    draw(seed, first, count) {
      const simulation = simulator.draw({ seed, first, count })
      const rng = createRng(seed, PURPOSE)
      const batch: InstrumentBatch = emptyArrays(encoderBatch(count))
      for (let i = 0; i < count; i++) {
        rng.seek(first + i)
        see(simulation, i, rng, batch, i)
      }
      return batch
    },
  }
}

function drawNight({ skyRatio }: SpectrographFacts, rng: Rng) {
  const between = ({ low, high }: { readonly low: number; readonly high: number }) =>
    low * (high / low) ** rng.uniform()
  return {
    signalToNoise: between(SIGNAL_TO_NOISE),
    skyRatio: between(skyRatio),
    errorRatio: 10 ** (ERROR_RATIO_DEX * rng.normal()),
  }
}

/** What star i of a simulation shows a spectrograph; its activity is drawn. */
export function spectralStar(simulation: Simulation, i: number, rng: Rng) {
  const of = (name: string) => column(simulation.parameters, name)[i]
  const derived = (name: string) => column(simulation.derived, name)[i]
  const teffK = 10 ** of('logTeffK')
  const loggDex = derived('loggDex')
  const hasDisk = starClasses[simulation.classIndex[i]] === 'youngDisk'
  return {
    family: rng.uniform() < 0.5 ? 'kurucz' : 'btSettl',
    ...{ teffK, loggDex, fehDex: of('fehDex'), avMag: of('avMag'), distancePc: 10 ** of('logDistancePc') },
    ...{ radiusRsun: 10 ** derived('logRadiusRsun'), rv: column(simulation.nuisances, 'rv')[i] },
    ...drawActivity({ teffK, loggDex, logAgeYr: of('logAgeYr'), hasDisk }, rng),
  } as const
}

/** @returns whether anything was measured */
export function writePhotometry(star: ObservedStar, scale: LatentScale, batch: InstrumentBatch, i: number): boolean {
  const plain = { ...star, hasSpectrum: new Uint8Array(star.hasSpectrum.length) }
  return writeSlots(plain, scale, batch, photometryModality, i, 0)
}

/** Without photometry, which its tokens would else be told against. */
export function writeXp(star: ObservedStar, scale: LatentScale, batch: InstrumentBatch, i: number): boolean {
  const alone = { ...star, present: new Uint8Array(star.present.length) }
  return writeSlots(alone, scale, batch, xpModality, i, SPECTRA_SLOT - 1)
}

/** Slot 0 and the modality's slots after `skipped` others. */
function writeSlots(
  star: ObservedStar,
  scale: LatentScale,
  batch: InstrumentBatch,
  { name, slots }: Modality,
  i: number,
  skipped: number,
): boolean {
  const features = new Float32Array(OBSERVED_SLOTS * FEATURE_COUNT)
  const mask = new Float32Array(OBSERVED_SLOTS)
  writeTokens(star, basesOf(star, scale).distance, features, 0, mask, 0)
  for (let slot = 0; slot < slots; slot++) {
    const from = slot === 0 ? 0 : slot + skipped
    batch[`${name}.mask`][i * slots + slot] = mask[from]
    const numbers = features.subarray(from * FEATURE_COUNT, (from + 1) * FEATURE_COUNT)
    batch[`${name}.features`].set(numbers, (i * slots + slot) * FEATURE_COUNT)
  }
  return mask.subarray(1 + skipped, slots + skipped).includes(1)
}

function writePixels(modality: PixelModality, segments: GivenPixels['segments'], batch: InstrumentBatch, i: number) {
  const { features, mask } = spectrumTokens(modality, segments)
  batch[`${modality.name}.features`].set(features, i * features.length)
  batch[`${modality.name}.mask`].set(mask, i * mask.length)
}

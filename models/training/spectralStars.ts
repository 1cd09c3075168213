// Simulated stars with spectra, as the star model with spectra learns from them: each has some of the spectra that instruments could take,
// and its photometry and XP with gaps, or nothing of them.

import type { NoiseRange } from '../diffusion/schedule.ts'
import type { PixelModality } from '../encoders/modality.ts'
import { emptyArrays, type TensorSpec } from '../engine/tensorSpec.ts'
import { createRng, type Rng } from '../math/rng.ts'
import type { Simulation, Simulator } from '../simulators/simulator.ts'
import { FEATURE_COUNT, OBSERVED_SLOTS, PARAMETER_COUNT } from '../tokens/layout.ts'
import { emptyStar } from '../tokens/tokenizer.ts'
import { createInstrumentStars, encoderBatch, simulatedPixels } from './instrumentStars.ts'
import { losePatches } from './lostPatches.ts'
import { type Feeds, type LatentScale, loseSome, observedStar, writePosteriorRow } from './starBatch.ts'

export interface SpectralShape {
  readonly rows: number
  /** Noise levels drawn for each row. */
  readonly levelsPerRow: number
  /** Batches in turn that have the same stars and spectra, each with gaps and noise of its own: spectra cost more than a step. */
  readonly viewsPerStar: number
  readonly classCount: number
  /** Of half of the spectra patches are lost, see `losePatches`. */
  readonly mostLost: number
}

/**
 * Name -> shape: `features` and `mask` of photometry and XP, `scaled`, `sigma`, `target` and `classes` as `batchSpecs` has them, those of
 * `encoderBatch`, and `given` [B, pixel modalities], 1 where the star has the spectrum.
 */
export function spectralBatch({
  rows,
  levelsPerRow,
  classCount,
}: Omit<SpectralShape, 'viewsPerStar' | 'mostLost'>): readonly TensorSpec[] {
  return [
    { name: 'features', shape: [rows, OBSERVED_SLOTS, FEATURE_COUNT] },
    { name: 'mask', shape: [rows, OBSERVED_SLOTS] },
    { name: 'scaled', shape: [rows, levelsPerRow, 1, PARAMETER_COUNT] },
    { name: 'sigma', shape: [rows, levelsPerRow] },
    { name: 'target', shape: [rows, levelsPerRow, 1, PARAMETER_COUNT] },
    { name: 'classes', shape: [rows, classCount] },
    { name: 'given', shape: [rows, simulatedPixels.length] },
    ...encoderBatch(rows),
  ]
}

const PURPOSE = 0x5bec
const VIEW_PURPOSE = 0x5bef
/** Of the stars, those that nothing but their spectra is known of. */
const ALONE_SHARE = 0.12
/** That a star has a spectrum which an instrument could take. */
const GIVEN_CHANCE = 0.5
/** Stars of a batch's own, in draws of a quarter of its size: those without a spectrum, too hot or too cool for one, are passed over. */
const DRAWS_PER_BATCH = 16
const DRAWS_PER_ROWS = 4

export interface SpectralStars {
  /** Batch `index`: the same for a seed whoever asks, and in whatever order. */
  make(index: number): Feeds
}

/** @param simulator with spectra of Gaia, see `createPilotSimulator` */
export function createSpectralStars(
  simulator: Simulator,
  shape: SpectralShape,
  scale: LatentScale,
  noise: NoiseRange,
  seed: number,
): SpectralStars {
  const instruments = createInstrumentStars(simulator, scale)
  const specs = spectralBatch(shape)
  const { rows, levelsPerRow, viewsPerStar, classCount, mostLost } = shape
  const pixelCount = simulatedPixels.length
  const count = Math.ceil(rows / DRAWS_PER_ROWS)
  let latest: DrawnStars | null = null

  function draw(number: number): DrawnStars {
    const batch: Feeds = emptyArrays(encoderBatch(rows))
    const stars: DrawnStar[] = []
    const rng = createRng(seed, PURPOSE)
    for (let k = 0; stars.length < rows; k++) {
      const first = (number * DRAWS_PER_BATCH + k) * count
      const simulation = simulator.draw({ seed, first, count })
      for (let i = 0; i < count && stars.length < rows; i++) {
        rng.seek(first + i)
        // What was seen of a star that is passed over is written over by the next one.
        const seen = instruments.see(simulation, i, rng, batch, stars.length).slice(-pixelCount)
        if (seen.includes(true)) stars.push({ simulation, i, index: first + i, seen })
      }
    }
    return { number, batch, stars }
  }

  return {
    make(index) {
      const number = Math.floor(index / viewsPerStar)
      if (latest?.number !== number) latest = draw(number)
      const feeds: Feeds = emptyArrays(specs)
      for (const [name, values] of Object.entries(latest.batch)) feeds[name].set(values)
      const rng = createRng(seed, VIEW_PURPOSE)
      latest.stars.forEach(({ simulation, i, index: of, seen }, row) => {
        rng.seek(of * viewsPerStar + (index % viewsPerStar))
        const given = drawGiven(seen, rng)
        for (const [m, modality] of simulatedPixels.entries()) {
          if (given[m]) losePatches(modality, ...rowOf(feeds, modality, row), mostLost, rng)
        }
        for (const [m, isGiven] of given.entries()) feeds.given[row * pixelCount + m] = isGiven ? 1 : 0
        const star = observedStar(simulation, i, scale.spectra, emptyStar())
        if (rng.uniform() < ALONE_SHARE) {
          star.present.fill(0)
          star.hasSpectrum.fill(0)
        } else loseSome(star, rng)
        writePosteriorRow(feeds, row, levelsPerRow, simulation, i, star, scale, noise, rng)
        feeds.classes[row * classCount + simulation.classIndex[i]] = 1
      })
      return feeds
    },
  }
}

/** Features and mask of one star's spectrum, as views of the batch. */
function rowOf(
  feeds: Feeds,
  { name, slots, features }: PixelModality,
  row: number,
): readonly [Float32Array, Float32Array] {
  const size = slots * features
  return [
    feeds[`${name}.features`].subarray(row * size, (row + 1) * size),
    feeds[`${name}.mask`].subarray(row * slots, (row + 1) * slots),
  ]
}

interface DrawnStar {
  readonly simulation: Simulation
  /** Its place there, and among all of the seed. */
  readonly i: number
  readonly index: number
  /** By each instrument with pixels. */
  readonly seen: readonly boolean[]
}

/** Stars of a batch with their spectra, kept until all their views were taken. */
interface DrawnStars {
  readonly number: number
  readonly batch: Feeds
  readonly stars: readonly DrawnStar[]
}

/** Some of the spectra that there are, at least one. */
function drawGiven(seen: readonly boolean[], rng: Rng): readonly boolean[] {
  const places = [...seen.keys()].filter(m => seen[m])
  const spared = places[Math.floor(rng.uniform() * places.length)]
  return seen.map((isSeen, m) => isSeen && (m === spared || rng.uniform() < GIVEN_CHANCE))
}

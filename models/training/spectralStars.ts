// Simulated stars with spectra, as the star model with spectra learns from them: each has some of the spectra that instruments could take,
// and its photometry and XP with gaps, or nothing of them.

import type { NoiseRange } from '../diffusion/schedule.ts'
import { emptyArrays, type TensorSpec } from '../engine/tensorSpec.ts'
import { createRng, type Rng } from '../math/rng.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { FEATURE_COUNT, OBSERVED_SLOTS, PARAMETER_COUNT } from '../tokens/layout.ts'
import { emptyStar } from '../tokens/tokenizer.ts'
import { createInstrumentStars, encoderBatch, simulatedPixels } from './instrumentStars.ts'
import { type Feeds, type LatentScale, loseSome, observedStar, writePosteriorRow } from './starBatch.ts'

export interface SpectralShape {
  readonly rows: number
  /** Noise levels drawn for each row. */
  readonly levelsPerRow: number
  readonly classCount: number
}

/**
 * Name -> shape: `features` and `mask` of photometry and XP, `scaled`, `sigma`, `target` and `classes` as `batchSpecs` has them, those of
 * `encoderBatch`, and `given` [B, pixel modalities], 1 where the star has the spectrum.
 */
export function spectralBatch({ rows, levelsPerRow, classCount }: SpectralShape): readonly TensorSpec[] {
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
/** Of the stars, those that nothing but their spectra is known of. */
const ALONE_SHARE = 0.12
/** That a star has a spectrum which an instrument could take. */
const GIVEN_CHANCE = 0.5
/** Draws of a batch's size that are its own: stars without a spectrum, too hot or too cool for one, are passed over. */
const DRAWS_PER_BATCH = 4

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
  const { rows, levelsPerRow, classCount } = shape
  const pixelCount = simulatedPixels.length
  return {
    make(index) {
      const feeds: Feeds = emptyArrays(specs)
      const rng = createRng(seed, PURPOSE)
      let row = 0
      for (let draw = 0; row < rows; draw++) {
        const first = (index * DRAWS_PER_BATCH + draw) * rows
        const simulation = simulator.draw({ seed, first, count: rows })
        for (let i = 0; i < rows && row < rows; i++) {
          rng.seek(first + i)
          const seen = instruments.see(simulation, i, rng, feeds, row).slice(-pixelCount)
          // The next star is written over what was seen of this one.
          if (!seen.includes(true)) continue
          const given = drawGiven(seen, rng)
          for (const [m, isGiven] of given.entries()) feeds.given[row * pixelCount + m] = isGiven ? 1 : 0
          const star = observedStar(simulation, i, scale.spectra, emptyStar())
          if (rng.uniform() < ALONE_SHARE) {
            star.present.fill(0)
            star.hasSpectrum.fill(0)
          } else loseSome(star, rng)
          writePosteriorRow(feeds, row, levelsPerRow, simulation, i, star, scale, noise, rng)
          feeds.classes[row * classCount + simulation.classIndex[i]] = 1
          row++
        }
      }
      return feeds
    },
  }
}

/** Some of the spectra that there are, at least one. */
function drawGiven(seen: readonly boolean[], rng: Rng): readonly boolean[] {
  const places = [...seen.keys()].filter(m => seen[m])
  const spared = places[Math.floor(rng.uniform() * places.length)]
  return seen.map((isSeen, m) => isSeen && (m === spared || rng.uniform() < GIVEN_CHANCE))
}

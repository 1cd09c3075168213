// Real spectra beside the simulated ones of a training: without truths, they only say what the sky looks like to an encoder.
import { alignmentPlan } from '../alignment/alignmentPlan.ts'
import { type AlignmentRecipe, activeTerms, type TransportTerm, transportTerms } from '../alignment/alignmentRecipe.ts'
import { modalityOf } from '../encoders/modalities.ts'
import { type ModalityTokens, type PixelModality, spectrumTokens } from '../encoders/modality.ts'
import { type EncoderConfig, encodeModality, encoderWeights } from '../encoders/spectrumEncoder.ts'
import { Session } from '../engine/session.ts'
import { traceGraph } from '../engine/tracer.ts'
import type { Rng } from '../math/rng.ts'
import type { GivenPixels } from '../posterior.ts'

/** The real spectra of the modality that most of them are of. */
export interface RealSpectra {
  readonly modality: PixelModality
  readonly spectra: readonly ModalityTokens[]
}

/**
 * @param modalities that are learned
 * @returns null where fewer than two are of one of them: a single one has no distribution
 * @throws FusionError VALUE_OUT_OF_RANGE for one without a pixel that its encoder could read
 */
export function sortReal(pixels: readonly GivenPixels[], modalities: readonly PixelModality[]): RealSpectra | null {
  const sorted = modalities.map(modality => ({
    modality,
    spectra: pixels
      .filter(({ survey }) => modalityOf(survey)?.name === modality.name)
      .map(({ segments }) => spectrumTokens(modality, segments)),
  }))
  const most = sorted.reduce((a, b) => (b.spectra.length > a.spectra.length ? b : a))
  return most.spectra.length < 2 ? null : most
}

export interface RealBatch {
  /** `real.features`, `real.mask`, and `plan.TERM` of each transport, see `alignmentBatch`. */
  readonly feeds: Readonly<Record<string, Float32Array>>
  /** Whether all solvers got there. */
  readonly converged: boolean
}

export interface RealSource {
  readonly terms: readonly TransportTerm[]
  /**
   * Some of the real spectra at random, and how the simulated ones of a batch go to them by the weights of this step.
   * @param batch tensors of `spectralBatch`; @param seen [rows] 1 where the star has a simulated spectrum of the modality
   */
  take(
    rng: Rng,
    weights: Readonly<Record<string, Float32Array>>,
    batch: Readonly<Record<string, Float32Array>>,
    seen: readonly boolean[],
  ): Promise<RealBatch>
  close(): Promise<void>
}

/** @param prefix in front of the names of the encoder's weights */
export async function openRealSource(
  { modality, spectra }: RealSpectra,
  c: EncoderConfig,
  recipe: AlignmentRecipe,
  sizes: { readonly rows: number; readonly realRows: number },
  prefix: string,
): Promise<RealSource> {
  const { slots, features, name } = modality
  const { rows, realRows } = sizes
  const specs = encoderWeights(modality, c, ['z'])
  const both = rows + realRows
  const inputs = [
    ...specs.map(spec => ({ name: spec.name, shape: spec.shape })),
    { name: 'features', shape: [both, slots, features] },
    { name: 'mask', shape: [both, slots] },
  ]
  const session = await Session.open(
    traceGraph(inputs, input => encodeModality(input, modality, c, input.features, input.mask, ['z'])),
  )
  const terms = activeTerms(recipe).filter((term): term is TransportTerm =>
    (transportTerms as readonly string[]).includes(term),
  )
  return {
    terms,
    async take(rng, weights, batch, seen) {
      const chosen = Array.from({ length: realRows }, () => spectra[rng.integer(spectra.length)])
      const real = { features: joined(chosen.map(one => one.features)), mask: joined(chosen.map(one => one.mask)) }
      const { z } = await session.run({
        ...Object.fromEntries(specs.map(spec => [spec.name, weights[prefix + spec.name]])),
        features: joined([batch[`${name}.features`], real.features]),
        mask: joined([batch[`${name}.mask`], real.mask]),
      })
      const width = c.sharedWidth
      const row = (i: number) => z.subarray(i * width, (i + 1) * width)
      const simulated = [...seen.keys()].filter(i => seen[i])
      const matrix = (places: readonly number[]) => ({
        rows: places.length,
        columns: width,
        values: Float64Array.from(places.flatMap(i => [...row(i)])),
      })
      const [source, target] = [simulated, chosen.map((_, i) => rows + i)].map(matrix)
      const feeds: Record<string, Float32Array> = { 'real.features': real.features, 'real.mask': real.mask }
      let converged = true
      for (const term of terms) {
        const full = new Float32Array(rows * realRows)
        if (simulated.length > 0) {
          const found = alignmentPlan(term, source, target, [], recipe)
          converged &&= found.converged
          simulated.forEach((i, k) => {
            full.set(found.plan.values.subarray(k * realRows, (k + 1) * realRows), i * realRows)
          })
        }
        feeds[`plan.${term}`] = full
      }
      return { feeds, converged }
    },
    close: () => session.close(),
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

// One star of each region of the HR diagram that a pattern reaches: is its posterior right, and not only all on average?
import {
  type LocalCalibration,
  localC2st,
  localDefaults,
  modelObservables,
  modelParameters,
  type StarInput,
  type StarPosterior,
} from '../../models/index.ts'
import { diagramRegions, regionOf } from './diagramRegions.ts'

/** Units enough to see a posterior that is displaced in one region; 39 exchanges tell p-values to 0.025. */
const options = { ...localDefaults, units: 1, maxEpochs: 30, nullCount: 39 }

/**
 * @param inputs stars that have all the same observables, @param truths [N x 7]; the posteriors of the first N
 * @throws the signal's reason once it is aborted
 */
export async function checkLocally(
  inputs: readonly StarInput[],
  truths: Float64Array,
  posteriors: readonly StarPosterior[],
  seed: number,
  signal: AbortSignal,
): Promise<readonly LocalCalibration[]> {
  const names = modelObservables.filter(name => inputs[0].given.some(({ quantity }) => quantity === name))
  // Pixels are too many to be told a classifier: of spectra alone there is nothing that single stars could be known by.
  if (names.length === 0) return []
  const observe = (star: number) =>
    names.map(name => inputs[star].given.find(({ quantity }) => quantity === name)?.value ?? 0)
  const [dimension, width] = [modelParameters.length, names.length]
  const drawsOf = (star: number, count: number) => {
    const { sampleNames, samples } = posteriors[star]
    const length = samples.length / sampleNames.length
    const columns = modelParameters.map(name => sampleNames.indexOf(name))
    return Array.from({ length: count }, (_, s) => columns.map(column => samples[column * length + s])).flat()
  }
  const places = posteriors.map(regionOf)
  // The first star of a region is any: the simulator's stars are in no order.
  const chosen = diagramRegions.flatMap((region, r) => {
    const star = places.indexOf(r)
    return star === -1 ? [] : [{ region: region.name, star }]
  })
  const taught = [...posteriors.keys()].filter(star => !chosen.some(one => one.star === star))
  const pairs = {
    dimension,
    width,
    truths: Float64Array.from(taught.flatMap(star => [...truths.subarray(star * dimension, (star + 1) * dimension)])),
    draws: Float64Array.from(taught.flatMap(star => drawsOf(star, 1))),
    observations: Float64Array.from(taught.flatMap(observe)),
  }
  const points = chosen.map(({ star }) => {
    const { sampleNames, samples } = posteriors[star]
    return {
      observation: Float64Array.from(observe(star)),
      draws: Float64Array.from(drawsOf(star, samples.length / sampleNames.length)),
    }
  })
  const tests = await localC2st(pairs, points, { ...options, seed }, signal)
  return tests.map((test, i) => ({ region: chosen[i].region, ...test }))
}

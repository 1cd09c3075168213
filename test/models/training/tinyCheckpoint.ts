// A checkpoint of random weights: everything but its knowledge is real.
import { createRng } from '../../../models/math/rng.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { sizeBands } from '../../../models/tokens/brightnessBase.ts'
import { modelParameters } from '../../../models/tokens/layout.ts'
import { namedBases, namedMaps, schemaFingerprint, writeCheckpoint } from '../../../models/training/checkpoint.ts'
import type { ModelCard } from '../../../models/training/modelCard.ts'
import { fitPrior } from '../../../models/training/priorFit.ts'
import { errFloors } from '../../../models/training/starBatch.ts'
import { type StarModelConfig, starModelWeights } from '../../../models/transformer/starModelConfig.ts'

export const tinyConfig: StarModelConfig = {
  width: 16,
  heads: 2,
  layers: 2,
  hidden: 32,
  headWidth: 16,
  headBlocks: 2,
  classCount: 4,
}

const simulator = createPilotSimulator()
const { scale, featureRange } = fitPrior(simulator, 3, 1500)

export function writeTinyCheckpoint(folder: string, change: Partial<ModelCard> = {}): void {
  const rng = createRng(5)
  const weights = Object.fromEntries(
    starModelWeights(tinyConfig).map(({ name, shape }) => [
      name,
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.3 * rng.normal()),
    ]),
  )
  const card: ModelCard = {
    format: 1,
    name: 'tiny',
    config: tinyConfig,
    noise: { sigmaMin: 0.01, sigmaMax: 10 },
    sampler: { kind: 'ancestral', steps: 4 },
    parameters: namedMaps(modelParameters, scale.parameters),
    brightness: namedMaps([...sizeBands, 'none'], scale.brightness),
    observableMean: scale.observableMean,
    observableSd: scale.observableSd,
    colourMean: scale.colourMean,
    colourSd: scale.colourSd,
    spectra: namedBases(scale.spectra),
    errFloors,
    classPrior: simulator.classPrior,
    corrections: [],
    featureRange,
    schema: schemaFingerprint(),
    training: {},
    ...change,
  }
  writeCheckpoint(folder, card, weights)
}

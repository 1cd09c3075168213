import { expect, test } from 'vitest'
import { importanceOf } from '../../../models/calibration/importance.ts'
import { openHeadDensity } from '../../../models/diffusion/headDensity.ts'
import { Session } from '../../../models/engine/session.ts'
import { factorInPlace, solveLowerInPlace } from '../../../models/math/cholesky.ts'
import { fillNormals } from '../../../models/math/normals.ts'
import { createRng } from '../../../models/math/rng.ts'
import { logNormal } from '../../../models/math/special.ts'
import { posteriorGraph } from '../../../models/modelGraphs.ts'
import { pilotFolder } from '../../../models/openPosteriorModel.ts'
import { encodeStar } from '../../../models/tokens/encodedStar.ts'
import { latentMaps, readCheckpoint } from '../../../models/training/checkpoint.ts'

const checkpoint = readCheckpoint(pilotFolder)
const { card } = checkpoint
const given = Object.entries({ parallaxMas: 7.3, gMag: 12, bpMag: 12.9, rpMag: 11.1, jMag: 9.9, ksMag: 9.1 }).map(
  ([quantity, value]) => ({ quantity, value, err: 0.02, isLimit: false }),
)
const star = encodeStar({ key: 'star', given }, card.errFloors, [], latentMaps(card))
const COUNT = 1500

test('densities of the head integrate to one, and its samples are those of its usual sampler', async () => {
  const head = await openHeadDensity(checkpoint, 16)
  const { latents, logDensities } = await head.draw(star, COUNT, createRng(4))
  await head.close()
  const column = (values: ArrayLike<number>, p: number) => Array.from({ length: COUNT }, (_, s) => values[s * 7 + p])

  // For any density g the mean of g / q over samples of q is one: here that of a normal law about them, narrower than they are.
  const means = Array.from({ length: 7 }, (_, p) => column(latents, p).reduce((a, b) => a + b, 0) / COUNT)
  const factor = new Float64Array(49)
  for (let i = 0; i < 7; i++) {
    for (let j = 0; j < 7; j++) {
      for (let s = 0; s < COUNT; s++) {
        factor[i * 7 + j] += (0.5 * (latents[s * 7 + i] - means[i]) * (latents[s * 7 + j] - means[j])) / COUNT
      }
    }
  }
  expect(factorInPlace(factor, 7)).toBe(true)
  const logNarrow = Array.from(logDensities, (_, s) => {
    const white = Float64Array.from(means, (mean, p) => latents[s * 7 + p] - mean)
    solveLowerInPlace(factor, 7, white)
    return white.reduce((sum, z, p) => sum + logNormal(z, 0, 1) - Math.log(factor[p * 8]), 0)
  })
  const { effectiveSize, logEvidence, logEvidenceErr } = importanceOf(logNarrow, logDensities)
  expect(effectiveSize).toBeGreaterThan(8)
  expect(Math.abs(logEvidence as number)).toBeLessThan(0.02 + 4 * (logEvidenceErr as number))

  // The SDE of the model's own choice draws the same law by other steps.
  const session = await Session.open(posteriorGraph({ ...checkpoint, student: null } as typeof checkpoint, COUNT))
  const noise = new Float32Array(card.sampler.steps * COUNT * 7)
  fillNormals(createRng(5), noise)
  const { latents: usual } = await session.run({ features: star.features, mask: star.mask, noise })
  await session.close()
  for (let p = 0; p < 7; p++) {
    const [first, second] = [latents, usual].map(values => column(values, p).sort((a, b) => a - b))
    for (const share of [0.16, 0.5, 0.84]) {
      const at = Math.floor(share * COUNT)
      // Kolmogorov-Smirnov of two sets of 1500 at one in a million is 0.1, and the ODE remembers 1/12 of where it began.
      const below = second.filter(value => value < first[at]).length / COUNT
      expect(Math.abs(below - share), `latent ${p} at ${share}`).toBeLessThan(0.1)
    }
  }
})

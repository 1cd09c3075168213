import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStarWeigher } from '../../../models/calibration/starWeigher.ts'
import { logNormal, logSumExp } from '../../../models/math/special.ts'
import { pilotFolder } from '../../../models/openPosteriorModel.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { pilotPrior } from '../../../models/simulators/prior.ts'
import { column } from '../../../models/simulators/simulator.ts'
import { logPhotometry } from '../../../models/simulators/starLikelihood.ts'
import { modelObservables } from '../../../models/tokens/layout.ts'
import { writeTinyCheckpoint } from '../training/tinyCheckpoint.ts'

const told = { parallaxMas: [3, 1], gMag: [14, 0.3], jMag: [12, 0.3] } as const

test('the evidence of weighed samples is the mean over simulated stars of how well they fit', async () => {
  const simulator = createPilotSimulator()
  const simulation = simulator.draw({ seed: 4, first: 0, count: 8000 })
  const measured = { values: new Float64Array(11), errs: new Float64Array(11), present: new Uint8Array(11) }
  for (const [name, [value, err]] of Object.entries(told)) {
    const o = (modelObservables as readonly string[]).indexOf(name)
    measured.values[o] = value
    measured.errs[o] = err
    measured.present[o] = 1
  }
  const ages = column(simulation.parameters, 'logAgeYr')
  const fits = Float64Array.from({ length: simulation.count }, (_, i) => {
    const truths = modelObservables.map(name => column(simulation.truths, name)[i])
    const ofParallax = logNormal(measured.values[0], truths[0], Math.hypot(measured.errs[0], pilotPrior.errFloors[0]))
    return logPhotometry(measured, truths, simulation.classIndex[i], ages[i]) + ofParallax
  })
  const evidence = logSumExp(fits) - Math.log(simulation.count)
  const weigher = await openStarWeigher(pilotFolder)
  const given = Object.entries(told).map(([quantity, [value, err]]) => ({ quantity, value, err, isLimit: false }))
  const star = { key: 'told', given }
  const draws = await weigher.draw(star, 512, 1, 0)
  const { importance } = weigher.weigh(star, draws, { nuisanceCount: 8, seed: 1 })
  // Prior, likelihood, density and change of variables would all show here.
  const error = Math.hypot(importance.logEvidenceErr as number, 0.1)
  expect(Math.abs((importance.logEvidence as number) - evidence)).toBeLessThan(4 * error)
  expect(importance.effectiveSize).toBeGreaterThan(5)
  expect(draws.values.every(Number.isFinite)).toBe(true)
  expect(weigher.weigh(star, draws, { nuisanceCount: 8, seed: 1 }).importance).toEqual(importance)
  await weigher.close()
})

test('accepted shares are those of attempts that a survey sees', () => {
  const shares = createPilotSimulator().acceptedShares({ seed: 2, count: 1000 })
  // Of young attempts nearly all are one or the other: log ages are even from 5.7 to 8.
  const { atBirth, lifeYr } = pilotPrior.diskFraction
  let disks = 0
  for (let log = 5.705; log < 8; log += 0.01) disks += (0.01 / 2.3) * atBirth * Math.exp(-(10 ** log) / lifeYr)
  expect(shares[0]).toBeLessThan(disks + 0.04)
  expect(shares[0]).toBeGreaterThan(0.8 * disks - 0.04)
  expect(shares[0] + shares[1]).toBeLessThanOrEqual(1)
  for (const share of shares) expect(share).toBeGreaterThan(0.1)
  expect(createPilotSimulator().acceptedShares({ seed: 2, count: 1000 })).toEqual(shares)
})

test('a model of other stars is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weigher-'))
  try {
    writeTinyCheckpoint(folder)
    await expect(openStarWeigher(folder)).rejects.toThrow('name a model of the pilot')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

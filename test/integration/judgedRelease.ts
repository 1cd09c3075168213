// A small release, and what must stand in it, for the programs that judge it.
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { runInProcess } from '../ops/commandRun.ts'
import {
  madeSamples,
  makePosterior,
  makeStar,
  openTemporaryLog,
  posteriorOutputs,
  starOutputs,
} from '../ops/starRecords.ts'

const STARS = 40
/** Numbers that a double cannot hold, up to the largest of 64 bits. */
const idOf = (i: number) => (i % 2 === 0 ? 2n ** 53n + 1n + BigInt(i) : 2n ** 63n - BigInt(i))
/** Even on the sphere, by the golden angle. */
const placeOf = (i: number) => ({
  raDeg: (i * 137.507764) % 360,
  decDeg: (Math.asin(1 - (2 * i + 1) / STARS) * 180) / Math.PI,
})

/** Gone with the test. */
export async function judgedRelease() {
  const { log, dataFolder, remove } = await openTemporaryLog()
  onTestFinished(remove)
  const numbers = Array.from({ length: STARS }, (_, i) => i)
  const outputs = numbers.flatMap(i => {
    const star = { ...makeStar(`${idOf(i)}`, i % 3 === 0 ? `0000000${i}+0` : null), ...placeOf(i) }
    const posterior = { ...makePosterior(star.starId, i / STARS), ...placeOf(i), seed: idOf(i) }
    return [...starOutputs(star), ...posteriorOutputs(posterior)]
  })
  await log.transact({ outputs })
  const folder = join(dataFolder, 'dr1')
  const args = ['release', folder, '--format', 'parquet,votable,fits', '--data', dataFolder]
  expect((await runInProcess(dataFolder, args)).error).toBeNull()
  const stars = numbers.map(i => ({
    star_id: `gaiaDr3:${idOf(i)}`,
    id_gaiaDr3: `${idOf(i)}`,
    id_twoMass: i % 3 === 0 ? `0000000${i}+0` : null,
    ra: placeOf(i).raDeg,
    dec: placeOf(i).decDeg,
    epoch: 2016,
    is_ambiguous: false,
    p_young: i / STARS,
    logAgeYr_q50: 7,
    avMag_q50: null,
    sample_count: madeSamples.count,
    seed: `${idOf(i)}`,
    familiarity: null,
  }))
  /** Columns without a value in any row. */
  const missing = ['avMag_mean', 'avMag_q50', 'logMassMsun_sd', 'familiarity', 'id_allWise']
  return { dataFolder, folder, stars, missing }
}

import { existsSync } from 'node:fs'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { expect, test } from 'vitest'
import { starFamilies } from '../../../../models/simulators/tracks/starFamilies.ts'
import { createStarTracks, OLDEST_LOG_AGE_YR } from '../../../../models/simulators/tracks/starTracks.ts'
import { packageFile } from '../../../../schemas/index.ts'

const shared = packageFile('..', 'shared', 'data', 'evolution')
const hasShared = existsSync(shared)
if (!hasShared)
  console.error('birthline: ../shared/data is not here, so giants are not compared with PARSEC isochrones')

interface Giant {
  readonly logAge: number
  readonly logMass: number
  readonly logL: number
  readonly logTeff: number
}

/** On each isochrone the giant nearest to a luminosity, on the way up: before the first that is fainter than one lighter, past the tip. */
async function readGiants(z: string): Promise<Giant[]> {
  const file = await asyncBufferFromFile(`${shared}/parsec_fsps_z${z}.parquet`)
  const rows = (await parquetReadObjects({ file, compressors })).map(row => ({
    logAge: Number(row.log_age),
    mass: Number(row.mass_ini),
    logL: Number(row.log_l),
    logTeff: Number(row.log_teff),
    logg: Number(row.logg),
  }))
  const giants: Giant[] = []
  for (const age of new Set(rows.map(row => row.logAge))) {
    if (age < 8.98 || age > 9.95) continue
    const line = rows.filter(row => row.logAge === age).sort((a, b) => a.mass - b.mass)
    const giantsOnly = line.filter(row => row.logg < 3)
    const tip = giantsOnly.findIndex((row, i) => i > 0 && row.logL < giantsOnly[i - 1].logL - 0.1)
    const branch = giantsOnly.slice(0, tip < 0 ? giantsOnly.length : tip)
    for (const wanted of [1.5, 2]) {
      const near = branch.filter(row => Math.abs(row.logL - wanted) < 0.12)
      if (near.length === 0) continue
      const best = near.reduce((a, b) => (Math.abs(a.logL - wanted) <= Math.abs(b.logL - wanted) ? a : b))
      giants.push({ logAge: age, logMass: Math.log10(best.mass), logL: best.logL, logTeff: best.logTeff })
    }
  }
  return giants
}

test.each(['0.0020', '0.0060', '0.0140'])('giants of 1 to 9 Gyr agree with PARSEC isochrones of Z = %s', async z => {
  if (!hasShared) return
  const tracks = createStarTracks()
  const feh = Math.log10(Number(z) / 0.0177)
  const family = starFamilies.findIndex(({ name }) => name === 'pisa')
  const giants = await readGiants(z)
  expect(giants.length).toBeGreaterThan(7)
  for (const { logAge, logMass, logL, logTeff } of giants) {
    const where = `log age ${logAge}, log L ${logL}`
    // The age at which a star of that mass leaves the main sequence.
    expect(Math.abs(tracks.logAgeAt(2, 0, logMass, feh) - logAge), where).toBeLessThan(0.06)
    let nearest = Number.POSITIVE_INFINITY
    let found = Number.NaN
    for (let u = 0.001; u < 1; u += 0.002) {
      const at = Math.min(tracks.logAgeAt(3, u, logMass, feh), OLDEST_LOG_AGE_YR)
      const state = tracks.star(at, 10 ** logMass, feh, family)
      if (state?.phase !== 'giantBranch' || Math.abs(state.logLuminosityLsun - logL) > nearest) continue
      nearest = Math.abs(state.logLuminosityLsun - logL)
      found = state.logTeffK
    }
    expect(nearest, where).toBeLessThan(0.05)
    expect(Math.abs(found - logTeff), where).toBeLessThan(0.02)
  }
})

import { expect, onTestFinished, test } from 'vitest'
import { buildServer } from '../../../ops/server/server.ts'
import { openTemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'

test('every quantity comes with its unit, and bands with their published zero points', async () => {
  const temporary = await openTemporaryLog()
  const app = await buildServer(smallServerParts(temporary.log))
  onTestFinished(async () => {
    await app.close()
    await temporary.remove()
  })
  const { quantities } = (await app.inject('/v1/quantities')).json()
  const of = (name: string) => quantities.find((one: { name: string }) => one.name === name)
  expect(of('logAgeYr')).toMatchObject({ unit: 'dex(yr)', role: 'parameter', band: null })
  // Cohen, Wheaton & Megeath 2003, table 2: 666.7 Jy at Ks, isophotal wavelength 2.159 um.
  expect(of('ksMag').band.zeroPointJy).toBeCloseTo(666.7, 0)
  expect(of('ksMag').band.pivotUm).toBeCloseTo(2.16, 1)
})

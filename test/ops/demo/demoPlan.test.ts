import { existsSync, readdirSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { demoFile, readDemoPlan } from '../../../ops/demo/demoPlan.ts'
import { type Observation, type RawRow, type Refusal, readSurvey, toObservation } from '../../../schemas/index.ts'
import { bindColumnMap, cellText, openTable, readColumnMap } from '../../../streams/index.ts'

const plan = readDemoPlan()
const observed = new Map<string, Observation[]>()
const refused = new Map<string, Refusal[]>()
const unread = new Map<string, number>()

beforeAll(async () => {
  for (const { file, survey, map } of plan.files) {
    const kept: Observation[] = []
    const refusals: Refusal[] = []
    let badRows = 0
    const table = await openTable(demoFile(file))
    const bound = map === undefined ? null : bindColumnMap(await readColumnMap(demoFile(map)), table)
    for await (const batch of table.batches()) {
      badRows += batch.badRows.length
      batch.rows.forEach((given, i) => {
        const values = bound?.apply(given).values ?? given
        const texts = Object.entries(values).flatMap(([column, value]) => {
          const text = cellText(value)
          return text === null ? [] : [[column, text]]
        })
        const row: RawRow = {
          survey,
          file,
          row: BigInt(batch.rowNumbers[i]),
          revision: 0n,
          cells: Object.fromEntries(texts),
        }
        const outcome = toObservation(readSurvey(survey), row, () => 0n)
        if ('observation' in outcome) kept.push(outcome.observation)
        else refusals.push(outcome.refusal)
      })
    }
    await table.close()
    observed.set(file, kept)
    refused.set(file, refusals)
    unread.set(file, badRows)
  }
})

const ofCluster = (cluster: string, survey: string) =>
  plan.files
    .filter(one => one.cluster === cluster && one.survey === survey)
    .flatMap(one => observed.get(one.file) ?? [])

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2
}

const measured = (observation: Observation, name: string) =>
  observation.measurements.find(one => one.quantity === name)?.value ?? null

for (const { file, rowCount, refusedCount } of plan.files) {
  test(`${file} gives ${rowCount - refusedCount} observations and ${refusedCount} refusals`, () => {
    expect(observed.get(file)).toHaveLength(rowCount - refusedCount)
    expect((refused.get(file)?.length ?? 0) + (unread.get(file) ?? 0)).toBe(refusedCount)
  })
}

test('every table in the folder is part of the plan, and the plan names its clusters', () => {
  const tables = readdirSync(demoFile('')).filter(file => /\.(csv|csv\.gz|ecsv|fits|parquet)$/.test(file))
  expect(new Set(tables)).toEqual(new Set([...plan.files.map(one => one.file), 'rhoOphiuchiFacts.csv']))
  const clusters = new Set(plan.clusters.map(one => one.cluster))
  expect(new Set(plan.files.flatMap(one => one.cluster ?? []))).toEqual(clusters)
  expect(existsSync(demoFile('ORIGIN.md'))).toBe(true)
})

test('the demo is small: at most 1,500 stars in 3,500 rows', () => {
  const stars = plan.clusters.map(
    ({ cluster }) => ofCluster(cluster, 'gaiaDr3').length || ofCluster(cluster, 'gaiaDr2').length,
  )
  expect(stars.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(1500)
  expect(plan.files.reduce((sum, one) => sum + one.rowCount, 0)).toBeLessThanOrEqual(3500)
})

test('each source comes once in its survey', () => {
  const sources = [...observed.values()].flat().map(one => `${one.survey} ${one.source}`)
  expect(new Set(sources).size).toBe(sources.length)
})

for (const { cluster, distancePc, logAgeYrLow, logAgeYrHigh } of plan.clusters) {
  test(`the median parallax of ${cluster} agrees with its published distance within 4%`, () => {
    const stars = [...ofCluster(cluster, 'gaiaDr3'), ...ofCluster(cluster, 'gaiaDr2')]
    const parallaxes = stars.map(one => measured(one, 'parallaxMas')).filter(value => value !== null)
    // The table of IC 2391 and NGC 2547 has none.
    if (['ic2391', 'ngc2547'].includes(cluster)) expect(parallaxes).toEqual([])
    else expect(Math.abs((median(parallaxes) * distancePc) / 1000 - 1)).toBeLessThan(0.04)
    expect(logAgeYrLow).toBeLessThan(logAgeYrHigh)
  })
}

test("2MASS places of the Pleiades are where Gaia's motions put the stars in 1999.5", () => {
  const gaia = ofCluster('pleiades', 'gaiaDr3').map(one => {
    const years = 1999.5 - one.epochJyr
    const decDeg = one.decDeg + ((measured(one, 'pmDecMasPerYr') ?? 0) * years) / 3.6e6
    const cosDec = Math.cos((decDeg * Math.PI) / 180)
    return { raDeg: one.raDeg + ((measured(one, 'pmRaCosDecMasPerYr') ?? 0) * years) / 3.6e6 / cosDec, decDeg, cosDec }
  })
  const arcsec = ofCluster('pleiades', 'twoMass').map(one =>
    Math.min(...gaia.map(at => 3600 * Math.hypot((at.raDeg - one.raDeg) * at.cosDec, at.decDeg - one.decDeg))),
  )
  expect(median(arcsec)).toBeLessThan(0.15)
  expect(arcsec.filter(separation => separation > 1).length).toBeLessThanOrEqual(arcsec.length / 50)
})

test('links lead to sources that another file of the demo delivers', () => {
  const delivered = new Set([...observed.values()].flat().map(one => `${one.survey} ${one.source}`))
  const links = [...observed.values()].flat().flatMap(one => one.links)
  expect(links.length).toBeGreaterThan(500)
  for (const link of links) expect(delivered).toContain(`${link.survey} ${link.source}`)
})

test('rho Ophiuchi shows limits, contaminated bands and disks', () => {
  const wise = ofCluster('rhoOphiuchi', 'allWise')
  expect(wise.flatMap(one => one.measurements).some(one => one.isLimit)).toBe(true)
  expect(wise.flatMap(one => one.flags).some(flag => flag.endsWith(':contaminated'))).toBe(true)
  const excess = wise.map(one => (measured(one, 'w1Mag') ?? 0) - (measured(one, 'w2Mag') ?? 0))
  expect(excess.filter(colour => colour > 0.25).length).toBeGreaterThanOrEqual(20)
})

test('the malformed rows are refused for many reasons, each in a sentence of its own', () => {
  const reasons = (refused.get('malformedRows.csv') ?? []).map(one => one.reason)
  expect(new Set(reasons).size).toBe(reasons.length)
  expect(reasons.join(' ')).toMatch(/source_id.*ra is "512\.0".*parallax_error is "-1".*parallax is "inf"/)
})

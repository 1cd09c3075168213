import { expect, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { hashOf, IdIndex } from '../../../ops/catalogue/idIndex.ts'
import { starSummary } from '../../../ops/catalogue/starSummary.ts'
import { StarTable } from '../../../ops/catalogue/starTable.ts'
import { TextColumn } from '../../../ops/catalogue/textColumn.ts'
import { BIG_ID, makePosterior, makeStar } from '../starRecords.ts'
import { placedStar, randomSky } from './placedStars.ts'

test('a text is given back as it was put, however often others grow, shrink and leave', () => {
  const column = new TextColumn()
  const rng = createRng(3)
  const expected = new Map<number, string>()
  for (let i = 0; i < 20_000; i++) {
    const row = Math.floor(rng.uniform() * 500)
    const text = 'é9'.repeat(Math.floor(rng.uniform() * 40))
    column.set(row, text)
    expected.set(row, text)
  }
  for (const [row, text] of expected) expect(column.get(row)).toBe(text)
  // 500 texts of at most 120 bytes: what was left behind is not kept for ever.
  expect(column.sizeBytes).toBeLessThan(300_000)
})

test('an index finds exactly the ids that are in it, after any order of adding and removing', () => {
  const index = new IdIndex()
  const rows = new Map<string, number>()
  const rng = createRng(4)
  const free = Array.from({ length: 4000 }, (_, i) => i)
  for (let i = 0; i < 30_000; i++) {
    const id = `gaiaDr3:${Math.floor(rng.uniform() * 5000)}`
    const row = rows.get(id)
    if (row !== undefined) {
      index.remove(row)
      rows.delete(id)
      free.push(row)
    } else if (free.length > 0) {
      const taken = free.pop() as number
      index.add(id, taken)
      rows.set(id, taken)
    }
  }
  for (let i = 0; i < 5000; i++) expect(index.rowOf(`gaiaDr3:${i}`)).toBe(rows.get(`gaiaDr3:${i}`) ?? -1)
})

test('hashes of ids that follow one another spread over all slots', () => {
  const slots = new Set(Array.from({ length: 1000 }, (_, i) => hashOf(`gaiaDr3:${i}`) & 0xffff))
  expect(slots.size).toBeGreaterThan(980)
})

test('a star is listed while it has both a posterior and a record in force, in whichever order they come', () => {
  const table = new StarTable()
  const { star, posterior } = placedStar(BIG_ID, 10, 20, 0.9, 14)
  table.putPosterior(posterior)
  expect(table.listedCount).toBe(0)
  table.putStar(star)
  expect([table.listedCount, table.listedRow(star.starId)]).toEqual([1, 0])
  table.putStar({ ...star, isRetired: true })
  expect([table.listedCount, table.listedRow(star.starId)]).toEqual([0, -1])
  table.putStar(star)
  table.dropPosterior(star.starId)
  expect([table.listedCount, [...table.rowsIn(0)].length]).toEqual([0, 0])
  table.putPosterior(posterior)
  expect(table.listedCount).toBe(1)
  table.dropPosterior('gaiaDr3:1')
  table.dropStar('gaiaDr3:1')
  expect(table.listedCount).toBe(1)
})

test('the row of a star that is gone is given to the next', () => {
  const table = new StarTable()
  for (let i = 0; i < 5000; i++) {
    const { star, posterior } = placedStar(String(i), i % 360, 0, 0.5, 12)
    table.putStar(star)
    table.putPosterior(posterior)
    table.dropStar(star.starId)
    table.dropPosterior(star.starId)
  }
  expect([table.rowCount, table.listedCount]).toEqual([1, 0])
})

test('a probe star is never listed', () => {
  const table = new StarTable()
  const starId = 'twoMass:birthline-probe-a'
  table.putStar({ ...makeStar('1'), starId })
  table.putPosterior(makePosterior(starId, 0.9))
  expect(table.listedCount).toBe(0)
})

test('a summary is what the records say: exact places and probabilities, five decimals else, null where nothing is', () => {
  const table = new StarTable()
  const { star, posterior } = placedStar(BIG_ID, 123.456789012345, -67.89012345678, 0.9, 14.123456)
  table.putStar(star)
  table.putPosterior({ ...posterior, flags: ['outOfDistribution'] })
  expect(starSummary(table, 0)).toEqual({
    starId: `gaiaDr3:${BIG_ID}`,
    posteriorId: posterior.posteriorId,
    raDeg: 123.456789012345,
    decDeg: -67.89012345678,
    youngProbability: 0.9,
    className: 'youngDisk',
    classes: Object.fromEntries(posterior.classes.map(one => [one.name, one.probability])),
    surveys: ['gaiaDr3'],
    flags: ['outOfDistribution'],
    summaries: { logAgeYr: { q16: 6.8, q50: 7, q84: 7.4 } },
    gMag: 14.12346,
    bpRpMag: 1.25,
  })
  table.putStar({ ...star, measurements: [{ ...star.measurements[0], isLimit: true }] })
  expect(starSummary(table, 0)).toMatchObject({ gMag: null, bpRpMag: null })
})

test('a star takes some 270 bytes, with the room that columns keep to grow less than 360', () => {
  const table = new StarTable()
  const sky = randomSky(20_000)
  for (const { star, posterior } of sky) {
    table.putStar(star)
    table.putPosterior(posterior)
  }
  // Cells are there before the first star.
  const bytes = (table.sizeBytes - new StarTable().sizeBytes) / sky.length
  expect(bytes).toBeGreaterThan(150)
  expect(bytes).toBeLessThan(360)
})

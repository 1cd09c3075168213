import { expect, test } from 'vitest'
import { boxRegion, coneRegion, parseNumbers, type SkyRegion } from '../../../ops/catalogue/skyRegion.ts'
import { listStars } from '../../../ops/catalogue/starList.ts'
import { parseOrder, parsePlace } from '../../../ops/catalogue/starOrder.ts'
import { StarTable } from '../../../ops/catalogue/starTable.ts'
import { type PlacedStar, placedStar, randomSky } from './placedStars.ts'

function tableOf(sky: readonly PlacedStar[]): StarTable {
  const table = new StarTable()
  for (const { star, posterior } of sky) {
    table.putPosterior(posterior)
    table.putStar(star)
  }
  return table
}

const sky = randomSky(3000)
const table = tableOf(sky)

async function idsIn(region: SkyRegion): Promise<readonly string[]> {
  const choice = { regions: [region], accepts: null }
  const page = await listStars(table, { choice, order: parseOrder('raDeg'), limit: 5000, after: null })
  return page.rows.map(row => table.starId(row)).sort()
}

/** By the angle between directions, which no haversine knows. */
function angleDeg(a: readonly number[], b: readonly number[]): number {
  const direction = ([ra, dec]: readonly number[]) => {
    const [l, p] = [(ra * Math.PI) / 180, (dec * Math.PI) / 180]
    return [Math.cos(p) * Math.cos(l), Math.cos(p) * Math.sin(l), Math.sin(p)]
  }
  const [u, v] = [direction(a), direction(b)]
  const cross = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
  return (Math.atan2(Math.hypot(...cross), u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) * 180) / Math.PI
}

for (const [ra, dec, radius] of [
  [56.75, 24.12, 15],
  [0, 0, 19.9],
  [359.99, -3, 8],
  [12, 90, 12],
  [200, -89.9, 3],
  [120, 45, 60],
  [0, 90, 180],
]) {
  test(`a cone of ${radius} degrees around ${ra} ${dec} holds the stars within that angle, and no others`, async () => {
    const expected = sky
      .filter(({ posterior }) => angleDeg([posterior.raDeg, posterior.decDeg], [ra, dec]) <= radius)
      .map(({ star }) => star.starId)
    expect(await idsIn(coneRegion(ra, dec, radius))).toEqual(expected.sort())
  })
}

for (const [raMin, raMax, decMin, decMax] of [
  [10, 30, -5, 20],
  [350, 10, -40, -20],
  [0, 360, 80, 90],
  [100, 300, -90, 0],
  [40, 40.0001, -90, 90],
]) {
  test(`a box ${raMin} to ${raMax}, ${decMin} to ${decMax} holds the stars between its borders, and no others`, async () => {
    const expected = sky.filter(({ posterior: { raDeg, decDeg } }) => {
      const isWithin = raMin <= raMax ? raDeg >= raMin && raDeg <= raMax : raDeg >= raMin || raDeg <= raMax
      return isWithin && decDeg >= decMin && decDeg <= decMax
    })
    expect(await idsIn(boxRegion(raMin, raMax, decMin, decMax))).toEqual(expected.map(({ star }) => star.starId).sort())
  })
}

test('a star at the border of a cone of arcseconds is told from one beyond it', async () => {
  const near = tableOf([placedStar('1', 100, 60 + 1.9 / 3600, 0.5, 12), placedStar('2', 100, 60 + 2.1 / 3600, 0.5, 12)])
  const choice = { regions: [coneRegion(100, 60, 2 / 3600)], accepts: null }
  const page = await listStars(near, { choice, order: parseOrder('raDeg'), limit: 10, after: null })
  expect(page.rows.map(row => near.starId(row))).toEqual(['gaiaDr3:1'])
})

for (const region of [
  () => coneRegion(400, 0, 1),
  () => coneRegion(0, 91, 1),
  () => coneRegion(0, 0, 181),
  () => coneRegion(0, 0, -1),
  () => coneRegion(Number.NaN, 0, 1),
  () => boxRegion(0, 1, 5, 4),
  () => boxRegion(0, 361, 4, 5),
  () => parseNumbers('cone', '1,2', ['ra', 'dec', 'radius']),
  () => parseNumbers('cone', '1,2,', ['ra', 'dec', 'radius']),
  () => parseNumbers('cone', '1,2,Infinity', ['ra', 'dec', 'radius']),
  () => parseOrder('posteriorId'),
  () => parsePlace(parseOrder('gMag'), 'x'),
]) {
  test(`what cannot be meant is refused by one sentence: ${region}`, () => {
    expect(region).toThrow(expect.objectContaining({ code: 'QUESTION_INVALID' }))
  })
}

for (const sort of ['-youngProbability', 'gMag', '-gMag', 'decDeg', 'avMag', 'logAgeYr']) {
  test(`pages by ${sort} put together are the whole list in that order, missing values last`, async () => {
    const order = parseOrder(sort)
    const choice = { regions: [], accepts: null }
    const seen: number[] = []
    let next: string | null = null
    do {
      const after: ReturnType<typeof parsePlace> | null = next === null ? null : parsePlace(order, next)
      const page = await listStars(table, { choice, order, limit: 700, after })
      expect(page.total).toBe(sky.length)
      seen.push(...page.rows)
      next = page.next
    } while (next !== null)
    expect(new Set(seen).size).toBe(sky.length)
    expect(seen.length).toBe(sky.length)
    const values = seen.map(row => table.numbers(order.column)[row])
    const known = values.filter(value => !Number.isNaN(value))
    expect(values.slice(known.length).every(Number.isNaN)).toBe(true)
    expect(known).toEqual([...known].sort((a, b) => (order.isDescending ? b - a : a - b)))
  })
}

test('stars that come in between two pages push none out and none twice', async () => {
  const growing = tableOf(sky)
  const order = parseOrder('-youngProbability')
  const choice = { regions: [], accepts: null }
  const seen: string[] = []
  let next: string | null = null
  let more = 0
  do {
    const after: ReturnType<typeof parsePlace> | null = next === null ? null : parsePlace(order, next)
    const page = await listStars(growing, { choice, order, limit: 250, after })
    seen.push(...page.rows.map(row => growing.starId(row)))
    next = page.next
    for (let i = 0; i < 100; i++) {
      const { star, posterior } = placedStar(`${9e6 + more++}`, 5, 5, (more % 97) / 97, 12)
      growing.putPosterior(posterior)
      growing.putStar(star)
    }
  } while (next !== null)
  expect(new Set(seen).size).toBe(seen.length)
  expect(sky.every(({ star }) => seen.includes(star.starId))).toBe(true)
})

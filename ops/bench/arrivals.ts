// New records of stars that are known already, and the times at which they come.
import { readFileSync } from 'node:fs'
import { createRng } from '../../models/index.ts'
import { encode } from '../../schemas/index.ts'
import type { Output } from '../../streams/index.ts'
import { type SampleTable, starOfGaiaId, writeSampleSurveys } from './sampleSurveys.ts'

export interface KnownStars {
  /** The table by which the stars are known. */
  readonly table: SampleTable
  /** One new record for each of them, as it comes from Gaia, and the key of the star that it makes. */
  readonly news: readonly { readonly output: Output; readonly starId: string }[]
}

/** Beside what makes a row wrong on purpose, in one of a hundred. */
const STARS_PER_NEWS = 1.6

/** @param count how many records are to come; a few more stars are known */
export async function makeKnownStars(folder: string, count: number, seed: number): Promise<KnownStars> {
  const plan = { starCount: Math.ceil(count * STARS_PER_NEWS) + 100, starsPerDeg2: 2000, seed }
  const [gaia, twoMass] = await writeSampleSurveys(folder, { ...plan, surveys: ['gaiaDr3', 'twoMass'] })
  const known = new Set(soundRows(twoMass).map(({ id }) => id.slice(1)))
  const news = soundRows(gaia)
    .map(row => ({ ...row, star: `${starOfGaiaId(row.id)}` }))
    .filter(({ star }) => known.has(star))
    .slice(0, count)
    .map(({ id, cells }, i) => ({
      starId: `gaiaDr3:${id}`,
      output: {
        topic: 'raw',
        key: `gaiaDr3:${id}`,
        value: encode('rawRow', {
          survey: 'gaiaDr3',
          file: 'arrivals',
          row: BigInt(i + 1),
          revision: BigInt(i + 1),
          cells,
        }),
      },
    }))
  if (news.length < count) throw new RangeError(`arrivals: ${news.length} known stars where ${count} are wanted`)
  return { table: twoMass, news }
}

/** Rows with every cell, and a place that is on the sky. */
function soundRows({ path }: SampleTable): { readonly id: string; readonly cells: Record<string, string> }[] {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const columns = header.split(',')
  return lines.flatMap(line => {
    const values = line.split(',')
    const isSound = values.length === columns.length && values.every(value => value !== '' && value !== '512.5')
    return isSound ? [{ id: values[0], cells: Object.fromEntries(columns.map((name, i) => [name, values[i]])) }] : []
  })
}

/** When each of `count` records comes, in ms after the beginning: at this rate on average, and each for itself. */
export function arrivalTimesMs(count: number, perSecond: number, seed: number): Float64Array {
  const rng = createRng(seed)
  const times = new Float64Array(count)
  let timeMs = 0
  for (let i = 0; i < count; i++) {
    timeMs -= (Math.log(1 - rng.uniform()) * 1000) / perSecond
    times[i] = timeMs
  }
  return times
}

// `cone(ra, dec, radius)` in a query becomes a view of the files that it touches, by their HEALPix pixels.
import { coneRanges, FusionError, SKY_ORDER } from '../../schemas/index.ts'
import type { DatasetPartition } from '../release/starDataset.ts'
import { coneName } from './queryCheck.ts'

/** Quoted texts, names and comments are stepped over. */
const pieces = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\bcone\s*\(([^()]*)\)/gi

export interface ConeView {
  /** As `coneName` has it. */
  readonly name: string
  /** What it selects. */
  readonly sql: string
}

/**
 * @param pathOf of the file of a partition
 * @returns the query with names in the place of its cones, and what they stand for
 * @throws FusionError QUESTION_INVALID where a cone is not given as three numbers
 */
export function expandCones(
  query: string,
  partitions: readonly DatasetPartition[],
  pathOf: (partition: DatasetPartition) => string,
): { readonly query: string; readonly views: readonly ConeView[] } {
  const views: ConeView[] = []
  const expanded = query.replace(pieces, (whole: string, args: string | undefined) => {
    if (args === undefined) return whole
    const name = coneName(views.length + 1)
    views.push({ name, sql: coneSql(numbersOf(args), partitions, pathOf) })
    return `"${name}"`
  })
  return { query: expanded, views }
}

type Cone = readonly [raDeg: number, decDeg: number, radiusDeg: number]

function numbersOf(args: string): Cone {
  const texts = args.split(',').map(text => text.trim())
  const numbers = texts.map(text => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN))
  const [raDeg, decDeg, radiusDeg] = numbers
  const isCone = numbers.length === 3 && Math.abs(raDeg) <= 360 && Math.abs(decDeg) <= 90
  if (isCone && radiusDeg > 0 && radiusDeg <= 90) return [raDeg, decDeg, radiusDeg]
  throw new FusionError(
    'QUESTION_INVALID',
    `cone(${args.slice(0, 60)}) is none: give right ascension, declination and radius in degrees, as numbers, the radius up to 90.`,
  )
}

function coneSql(
  [raDeg, decDeg, radiusDeg]: Cone,
  partitions: readonly DatasetPartition[],
  pathOf: (partition: DatasetPartition) => string,
): string {
  const ranges = coneRanges(raDeg, decDeg, radiusDeg)
  const touched = partitions.filter(({ order, pixel }) => {
    const width = 4 ** (SKY_ORDER - order)
    return ranges.some(({ from, to }) => from < (pixel + 1) * width && to > pixel * width)
  })
  if (touched.length === 0) return 'SELECT * FROM stars WHERE false'
  const files = touched.map(one => `'${pathOf(one)}'`).join(', ')
  const [first, last] = [ranges[0].from, ranges[ranges.length - 1].to - 1]
  // Haversines, exact for small angles too.
  const half = (text: string) => `pow(sin(radians(${text}) / 2), 2)`
  const distance = `${half(`dec - (${decDeg})`)} + cos(radians(dec)) * cos(radians(${decDeg})) * ${half(`ra - (${raDeg})`)}`
  return (
    `SELECT * FROM read_parquet([${files}], hive_partitioning = false)` +
    ` WHERE healpix_${SKY_ORDER} BETWEEN ${first} AND ${last} AND ${distance} <= ${half(String(radiusDeg))}`
  )
}

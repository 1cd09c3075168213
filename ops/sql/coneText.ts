// `cone(ra, dec, radius)` in a query becomes a look into the files that it touches, by their HEALPix pixels.
import { coneRanges, FusionError, SKY_ORDER } from '../../schemas/index.ts'
import type { DatasetPartition } from '../release/starDataset.ts'

/** Quoted texts, names and comments are stepped over. */
const pieces = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\bcone\s*\(([^()]*)\)/gi

/**
 * @param pathOf of the file of a partition
 * @throws FusionError QUESTION_INVALID where a cone is not given as three numbers
 */
export function expandCones(
  query: string,
  partitions: readonly DatasetPartition[],
  pathOf: (partition: DatasetPartition) => string,
): string {
  return query.replace(pieces, (whole: string, args: string | undefined) =>
    args === undefined ? whole : coneSql(numbersOf(args), partitions, pathOf),
  )
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
  if (touched.length === 0) return '(SELECT * FROM stars WHERE false)'
  const files = touched.map(one => `'${pathOf(one).replaceAll("'", "''")}'`).join(', ')
  const [first, last] = [ranges[0].from, ranges[ranges.length - 1].to - 1]
  // Haversines, exact for small angles too.
  const half = (text: string) => `pow(sin(radians(${text}) / 2), 2)`
  const distance = `${half(`dec - (${decDeg})`)} + cos(radians(dec)) * cos(radians(${decDeg})) * ${half(`ra - (${raDeg})`)}`
  return (
    `(SELECT * FROM read_parquet([${files}], hive_partitioning = false)` +
    ` WHERE healpix_${SKY_ORDER} BETWEEN ${first} AND ${last} AND ${distance} <= ${half(String(radiusDeg))})`
  )
}

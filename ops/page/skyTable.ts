// All stars of a choice, from the Arrow file of /v1/sky, as the columns that maps and diagrams draw.
import type { Vector } from 'apache-arrow'
import { request } from './service.ts'
import { galacticPlane, hammer, toGalactic } from './skyProjection.ts'

export interface SkyTable {
  readonly count: number
  /** How many pass the filter, of which these are a fair sample. */
  readonly total: number
  readonly starIdAt: (row: number) => string
  readonly classAt: (row: number) => string
  /** NaN is a missing value here: columns of a drawing, which leaves such points out. */
  readonly columns: Readonly<Record<SkyColumn, Float32Array>>
}

export type SkyColumn =
  | (
      | 'youngProbability'
      | 'logAgeYr'
      | 'avMag'
      | 'logTeffK'
      | 'logLuminosityLsun'
      | 'logDistancePc'
      | 'gMag'
      | 'bpRpMag'
    )
  | ('skyX' | 'skyY' | 'planeX' | 'planeY' | 'absoluteG')

const floats = [
  ...(['youngProbability', 'logAgeYr', 'avMag', 'logTeffK', 'logLuminosityLsun', 'logDistancePc'] as const),
  ...(['gMag', 'bpRpMag'] as const),
]

/** @throws ProblemError with what the server says of the filter */
export async function readSky(where: string, signal: AbortSignal): Promise<SkyTable> {
  // The reader of Arrow is as large as the rest of the page: who looks at one star does without.
  const [response, { tableFromIPC }] = await Promise.all([
    request(`/v1/sky?where=${encodeURIComponent(where)}`, { signal }),
    import('apache-arrow'),
  ])
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()))
  const count = table.numRows
  const column = (name: string) => {
    const found = table.getChild(name)
    if (found === null) throw new TypeError(`/v1/sky has no column ${name}`)
    return found
  }
  const given = Object.fromEntries(floats.map(name => [name, numbersOf(column(name), count)]))
  const [ra, dec] = [numbersOf(column('raDeg'), count, true), numbersOf(column('decDeg'), count, true)]
  const [skyX, skyY, planeX, planeY, absoluteG] = Array.from({ length: 5 }, () => new Float32Array(count))
  for (let i = 0; i < count; i++) {
    const [l, b] = toGalactic(ra[i], dec[i])
    ;[skyX[i], skyY[i]] = hammer(l, b)
    ;[planeX[i], planeY[i]] = galacticPlane(l, b, 10 ** given.logDistancePc[i])
    absoluteG[i] = given.gMag[i] - 5 * given.logDistancePc[i] + 5
  }
  const [ids, classes] = [column('starId'), column('className')]
  return {
    count,
    total: Number(table.schema.metadata.get('total') ?? count),
    starIdAt: row => String(ids.get(row)),
    classAt: row => String(classes.get(row)),
    columns: { ...given, skyX, skyY, planeX, planeY, absoluteG } as SkyTable['columns'],
  }
}

function numbersOf(vector: Vector, count: number, isDouble = false): Float32Array | Float64Array {
  const out = isDouble ? new Float64Array(count) : new Float32Array(count)
  let at = 0
  for (const data of vector.data) {
    out.set(data.values as Float32Array, at)
    if (data.nullCount > 0) for (let i = 0; i < data.length; i++) if (!data.getValid(i)) out[at + i] = Number.NaN
    at += data.length
  }
  return out
}

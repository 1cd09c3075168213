// Tables of three surveys of one made-up piece of sky, with rows wrong on purpose; the same bytes for the same seed.

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { cellOf, createRng, type Rng } from '../../models/index.ts'

export interface SampleTable {
  readonly path: string
  readonly survey: string
}

export interface SamplePlan {
  readonly starCount: number
  /** Stars of Gaia in a square degree. */
  readonly starsPerDeg2: number
  readonly seed: number
  /** Which tables are written. */
  readonly surveys: readonly ('gaiaDr3' | 'twoMass' | 'allWise')[]
}

const RA_DEG = 83.6
const DEC_DEG = -5.4
const ROWS_AT_ONCE = 1000

const headers = {
  gaiaDr3:
    'source_id,ra,dec,ra_error,dec_error,parallax,parallax_error,pmra,pmra_error,pmdec,pmdec_error,phot_g_mean_mag,phot_bp_mean_mag,phot_rp_mean_mag,ruwe',
  twoMass: 'designation,ra,dec,err_maj,err_min,j_m,j_msigcom,h_m,h_msigcom,k_m,k_msigcom,ph_qual',
  allWise: 'designation,ra,dec,sigra,sigdec,w1mpro,w1sigmpro,w2mpro,w2sigmpro',
} as const

/** Of Gaia: the cell of the place of order 12, and behind it the number of the star. */
const ID_ORDER = 12
const NUMBER_BITS = 35n

function gaiaIdOf(star: number, raDeg: number, decDeg: number): bigint {
  return (BigInt(cellOf(raDeg, decDeg, ID_ORDER)) << NUMBER_BITS) | BigInt(star)
}

/** The number of the star that a source of Gaia is. */
export function starOfGaiaId(id: string): number {
  return Number(BigInt.asUintN(Number(NUMBER_BITS), BigInt(id)))
}

/** Writes the tables, row by row, so that their size does not matter. */
export async function writeSampleSurveys(folder: string, plan: SamplePlan): Promise<readonly SampleTable[]> {
  const tables: SampleTable[] = []
  for (const survey of plan.surveys) {
    const path = join(folder, `sample.${survey}.csv`)
    await writeTable(path, survey, plan)
    tables.push({ path, survey })
  }
  return tables
}

async function writeTable(path: string, survey: keyof typeof headers, plan: SamplePlan): Promise<void> {
  const file = createWriteStream(path)
  file.write(`${headers[survey]}\n`)
  const rng = createRng(plan.seed)
  let rows: string[] = []
  for (let star = 0; star < plan.starCount; star++) {
    rng.seek(star)
    const row = sampleRow(survey, star, plan, rng)
    if (row !== null) rows.push(row)
    if (rows.length < ROWS_AT_ONCE && star < plan.starCount - 1) continue
    if (!file.write(rows.map(one => `${one}\n`).join(''))) await once(file, 'drain')
    rows = []
  }
  file.end()
  await once(file, 'close')
}

/** One star as the survey sees it: in no order on the sky; one in a hundred rows is wrong in some way. */
function sampleRow(survey: keyof typeof headers, star: number, plan: SamplePlan, rng: Rng): string | null {
  const sizeDeg = Math.sqrt(plan.starCount / plan.starsPerDeg2)
  const cosDec = Math.cos((DEC_DEG * Math.PI) / 180)
  const raDeg = RA_DEG + ((rng.uniform() - 0.5) * sizeDeg) / cosDec
  const decDeg = DEC_DEG + (rng.uniform() - 0.5) * sizeDeg
  const [pmRa, pmDec] = [rng.normal() * 20, rng.normal() * 20]
  const gMag = 8 + 11 * Math.sqrt(rng.uniform())
  const isSeenBy = { gaiaDr3: true, twoMass: rng.uniform() < 0.7, allWise: rng.uniform() < 0.5 }
  if (!isSeenBy[survey]) return null
  const at = (epochJyr: number, errArcsec: number) => {
    const years = (epochJyr - 2016) / 3.6e6
    const ra = raDeg + (pmRa * years + (rng.normal() * errArcsec) / 3600) / cosDec
    const dec = decDeg + pmDec * years + (rng.normal() * errArcsec) / 3600
    return `${ra.toFixed(8)},${dec.toFixed(8)}`
  }
  const mag = (offset: number) => (gMag + offset + 0.2 * rng.normal()).toFixed(3)
  const cells = {
    gaiaDr3: () =>
      `${gaiaIdOf(star, raDeg, decDeg)},${at(2016, 2e-5)},0.02,0.02,${(2 + rng.normal()).toFixed(4)},0.04,${pmRa.toFixed(3)},0.03,${pmDec.toFixed(3)},0.03,${mag(0)},${mag(0.5)},${mag(-0.6)},1.0`,
    twoMass: () => `T${star},${at(1999.5, 0.1)},0.1,0.1,${mag(-1.4)},0.03,${mag(-2)},0.03,${mag(-2.2)},0.03,AAA`,
    allWise: () => `W${star},${at(2010.56, 0.2)},0.2,0.2,${mag(-2.3)},0.03,${mag(-2.3)},0.03`,
  }
  const row = cells[survey]()
  const fault = rng.integer(500)
  if (fault === 0) return row.replace(/^[^,]*/, '')
  if (fault === 1) return row.replace(/,[^,]*$/, '')
  if (fault === 2) return row.replace(/,-?\d+\.\d+,/, ',512.5,')
  return row
}

// A published model spectrum in the first layout of sedfitter: WAVELENGTHS, APERTURES and SEDS in one FITS file.
import { FusionError } from '../../schemas/index.ts'
import { openTable } from '../../streams/index.ts'

export interface PublishedSed {
  /** Rising. */
  readonly wavelengthsUm: readonly number[]
  /** log10 of lambda F_lambda over the flux of the bare star; `null` where there is no light. */
  readonly sharesDex: readonly (number | null)[]
  /** Of the file's apertures the one nearest to what was asked for. */
  readonly apertureAu: number
}

const MOST_WAVELENGTHS = 10_000
const MOST_APERTURES = 1000

/** A reader of tables gives `null` for what is no number. */
const numberIn = (cell: unknown): number => (typeof cell === 'number' ? cell : Number.NaN)

/**
 * @throws FusionError FILE_UNREADABLE when the file is not of that layout, in units of lambda F_lambda or F_nu
 */
export async function readPublishedSed(path: string, apertureAu: number, signal: AbortSignal): Promise<PublishedSed> {
  const fail = (what: string) =>
    new FusionError(
      'FILE_UNREADABLE',
      `${path} ${what}; --published takes a spectrum in the first layout of sedfitter.`,
    )

  /** The columns of a table, row by row, and what makes lambda F_lambda of the last of them. */
  const read = async (hdu: string, names: readonly string[], mostRows: number) => {
    const table = await openTable(path, { hdu })
    try {
      for (const name of names)
        if (!table.columns.some(column => column.name === name)) throw fail(`has no column ${name} in ${hdu}`)
      const unit = table.columns.find(column => column.name === names.at(-1))?.unit ?? ''
      const rows: (readonly number[])[][] = []
      for await (const batch of table.batches({ signal })) {
        for (const row of batch.rows) {
          const cells = names.map(name => row[name])
          rows.push(cells.map(cell => (Array.isArray(cell) ? cell : [cell]).map(numberIn)))
        }
        if (rows.length > mostRows) throw fail(`has over ${mostRows} rows in ${hdu}`)
      }
      return { rows, unit }
    } finally {
      await table.close()
    }
  }
  /** Of what stands in F_nu; the constant falls out of the ratio. */
  const toPower = (unit: string, wavelengthUm: number) => {
    if (/^m?jy$/i.test(unit)) return 1 / wavelengthUm
    if (/^ergs?\/(?:cm\^?2\/s|s\/cm\^?2)$/i.test(unit)) return 1
    throw fail(`is in the unit "${unit}", neither mJy nor erg/cm2/s`)
  }

  const grid = await read('WAVELENGTHS', ['WAVELENGTH', 'STELLAR_FLUX'], MOST_WAVELENGTHS)
  const apertures = (await read('APERTURES', ['APERTURE'], MOST_APERTURES)).rows.map(([[au]]) => au)
  const seds = await read('SEDS', ['TOTAL_FLUX'], MOST_APERTURES)
  if (grid.unit !== seds.unit) throw fail(`has the star in "${grid.unit}" and the whole in "${seds.unit}"`)
  const distance = (au: number) => Math.abs(Math.log(au / apertureAu))
  const nearest = apertures.reduce((best, au, k) => (distance(au) < distance(apertures[best]) ? k : best), 0)
  const [total] = seds.rows[nearest] ?? []
  if (!(grid.rows.length >= 2 && apertures[nearest] > 0 && total?.length === grid.rows.length))
    throw fail(
      `has ${grid.rows.length} wavelengths, ${apertures.length} apertures and spectra of ${total?.length ?? 0}`,
    )
  const points = grid.rows
    .map(([[um], [star]], k) => {
      const scale = um > 0 ? toPower(seds.unit, um) : Number.NaN
      return { um, star: star * scale, total: total[k] * scale }
    })
    .sort((a, b) => a.um - b.um)
  if (!points.every(({ um, star, total: light }) => Number.isFinite(um + star + light)))
    throw fail('has a wavelength or a flux that is no number')
  const whole = points.slice(1).reduce((sum, { um, star }, k) => {
    return sum + 0.5 * Math.log(um / points[k].um) * (star + points[k].star)
  }, 0)
  if (!(whole > 0)) throw fail('has a star without light')
  return {
    wavelengthsUm: points.map(({ um }) => um),
    sharesDex: points.map(({ total: light }) => (light > 0 ? Math.log10(light / whole) : null)),
    apertureAu: apertures[nearest],
  }
}

// DESI: coadd and spectra files, many targets each, three arms. Layout: desidatamodel.readthedocs.io, files coadd and spectra.

import { cellText, parseDouble } from '../files/cellNumbers.ts'
import type { FitsHeader, FitsUnit } from '../files/fitsHeader.ts'
import { isFitsImage, readFitsImage } from '../files/fitsImage.ts'
import { openFits } from '../files/fitsReader.ts'
import type { Row } from '../files/table.ts'
import { unreadable } from '../files/unreadableFile.ts'
import { specmaskBits } from './maskBits.ts'
import {
  cardText,
  extraCards,
  type OpenFile,
  outcomeOf,
  type SpectrumOutcome,
  type SpectrumProduct,
  unknownOrigin,
} from './spectrumFile.ts'
import { makeSegment } from './spectrumSegment.ts'

const arms = ['B', 'R', 'Z'] as const
type Part = 'WAVELENGTH' | 'FLUX' | 'IVAR' | 'MASK'

export const desiProducts: readonly SpectrumProduct[] = [
  {
    name: 'desi',
    surveys: ['desi'],
    knowFits: units => {
      const hasArm = arms.some(arm => numberOf(units, arm, 'FLUX') > 0)
      return hasArm && targetsOf(units) > 0 ? 'desi' : null
    },
    read: readDesi,
  },
]

const nameOf = (header: FitsHeader) => cardText(header, 'EXTNAME')?.toUpperCase() ?? ''
const targetsOf = (units: readonly FitsUnit[]) => units.findIndex(({ header }) => nameOf(header) === 'FIBERMAP')
const numberOf = (units: readonly FitsUnit[], arm: string, part: Part) =>
  units.findIndex(({ header }) => nameOf(header) === `${arm}_${part}`)

/** Memory is that of one target. A fibre that was put on empty sky, or on nothing, is no star and is left out. */
async function* readDesi(file: OpenFile, signal?: AbortSignal): AsyncGenerator<SpectrumOutcome, void, undefined> {
  const { source, units } = file
  const { header } = units[0]
  const present = arms.filter(arm => numberOf(units, arm, 'FLUX') > 0)
  const wavelengths = new Map<string, readonly (number | null)[]>()
  for (const arm of present) wavelengths.set(arm, await imageOf(file, arm, 'WAVELENGTH', null))
  const targets = await openFits(source, targetsOf(units))
  for await (const { rows, rowNumbers } of targets.batches({ batchRows: 64, ...(signal && { signal }) })) {
    for (const [i, target] of rows.entries()) {
      const row = rowNumbers[i]
      if (textOf(target, 'OBJTYPE') !== 'TGT' && target.OBJTYPE !== undefined) continue
      const pixels = new Map<string, readonly (number | null)[]>()
      for (const arm of present) {
        for (const part of ['FLUX', 'IVAR', 'MASK'] as const) {
          const number = numberOf(units, arm, part)
          // Bits are often packed as a table: those are left out, and masked pixels have no inverse variance anyway.
          if (part === 'MASK' && (number < 0 || !isFitsImage(units[number]))) continue
          pixels.set(`${arm} ${part}`, await imageOf(file, arm, part, row - 1))
        }
      }
      yield outcomeOf(file, () => {
        const place = { path: source.path, extension: 'FIBERMAP', row }
        const segments = present.map(arm => {
          const bits = pixels.get(`${arm} MASK`)
          return makeSegment(
            {
              name: arm,
              medium: 'vacuum',
              wavelengthUnit: 'Angstrom',
              wavelengthScale: 'linear',
              wavelengths: wavelengths.get(arm) ?? [],
              order: 'rising',
              fluxUnit: '1e-17 erg/s/cm2/Angstrom',
              fluxScale: 'absolute',
              fluxes: pixels.get(`${arm} FLUX`) ?? [],
              noise: { kind: 'ivar', values: pixels.get(`${arm} IVAR`) ?? [] },
              masks: bits === undefined ? [] : [{ name: 'pixel', bits, bitNames: specmaskBits }],
              signalToNoise: null,
            },
            { ...place, extension: `${arm}_FLUX` },
          )
        })
        return {
          ...unknownOrigin,
          release: cardText(header, 'SPECPROD'),
          source: textOf(target, 'TARGETID'),
          raDeg: parseDouble(target.TARGET_RA ?? null) ?? null,
          decDeg: parseDouble(target.TARGET_DEC ?? null) ?? null,
          exposureS: parseDouble(target.COADD_EXPTIME ?? target.EXPTIME ?? null) ?? null,
          segments,
          bands: [],
          ...{ extension: 'FIBERMAP', row },
          extra: { ...extraCards(header), ...cellsOf(target) },
        }
      })
    }
  }
}

/** Wavelengths whole, of the others the row of one target, counted from 0. */
async function imageOf(file: OpenFile, arm: string, part: Part, row: number | null) {
  const { source, units } = file
  const number = numberOf(units, arm, part)
  if (number < 0) throw unreadable(source.path, `has ${arm}_FLUX but no ${arm}_${part}; fetch the file again`)
  const rows = row === null ? undefined : { first: row, count: 1 }
  return (await readFitsImage(source, units[number], number, rows)).values
}

const textOf = (row: Row, name: string) => cellText(row[name] ?? null)?.trim() ?? ''

function cellsOf(row: Row): Record<string, string> {
  const cells = Object.entries(row).filter(([, cell]) => cell !== null && !Array.isArray(cell))
  return Object.fromEntries(cells.map(([name]) => [`FIBERMAP.${name}`, textOf(row, name)]))
}

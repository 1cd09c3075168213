// What a file holds, by its extensions, cards and columns; its name says nothing. A further product is a line here.
import { spectrumSurveys } from '../../schemas/index.ts'
import type { ByteSource } from '../files/byteSource.ts'
import type { FitsUnit } from '../files/fitsHeader.ts'
import { isFitsImage, listFitsUnits, unitName } from '../files/fitsImage.ts'
import type { TableReader } from '../files/table.ts'
import { unreadable } from '../files/unreadableFile.ts'
import { apogeeProducts } from './apogeeFile.ts'
import { desiProducts } from './desiFile.ts'
import { columnsOf } from './fitsPixels.ts'
import { lamostProducts } from './lamostFile.ts'
import { sdssProducts } from './sdssFile.ts'
import type { SpectrumProduct } from './spectrumFile.ts'
import { xpProducts } from './xpTable.ts'

/** The first that knows a file reads it. */
export const spectrumProducts: readonly SpectrumProduct[] = [
  ...xpProducts,
  ...apogeeProducts,
  ...lamostProducts,
  ...sdssProducts,
  ...desiProducts,
]

export interface KnownFile {
  readonly survey: string
  readonly product: SpectrumProduct
  readonly units: readonly FitsUnit[]
}

/** @throws FusionError FILE_UNREADABLE when it is cut short, or no spectrum known here, saying what it holds instead */
export async function knowFits(source: ByteSource): Promise<KnownFile> {
  const { units, isCut } = await listFitsUnits(source)
  const found = productOf(units)
  if (isCut && found?.product.hasMany !== true) {
    throw unreadable(
      source.path,
      `is cut short in ${unitName(units[units.length - 1], units.length - 1)}; fetch the file again`,
    )
  }
  if (found !== null) return { ...found, units }
  const held = units.map((unit, number) => {
    const columns = columnsOf(unit)
    const what = columns.length > 0 ? ` (${columns.slice(0, 4).join(', ')})` : isFitsImage(unit) ? ' (image)' : ''
    return `${unitName(unit, number)}${what}`
  })
  throw unreadable(
    source.path,
    `holds no spectrum of ${surveyText}, only ${held.slice(0, 8).join('; ')}; check that it is complete and the one meant`,
  )
}

/** @throws FusionError FILE_UNREADABLE when it is no table of spectra known here */
export function knowTable(table: TableReader): KnownFile {
  const product = spectrumProducts.find(one => one.knowTable?.(table.columns) === true)
  if (product !== undefined) return { survey: product.surveys[0], product, units: [] }
  const names = table.columns.slice(0, 6).map(column => column.name)
  throw unreadable(
    table.path,
    `is a table of ${names.join(', ')}..., and holds no spectrum of ${surveyText}; check that it is the one meant`,
  )
}

const surveyText = spectrumSurveys.join(', ')

function productOf(units: readonly FitsUnit[]): Omit<KnownFile, 'units'> | null {
  for (const product of spectrumProducts) {
    const survey = product.knowFits(units)
    if (survey !== null) return { survey, product }
  }
  return null
}

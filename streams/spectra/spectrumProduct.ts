// What a file holds, by its extensions, cards and columns; its name says nothing.
import type { ByteSource } from '../files/byteSource.ts'
import type { FitsUnit } from '../files/fitsHeader.ts'
import { isFitsImage, listFitsUnits, unitName } from '../files/fitsImage.ts'
import { unreadable } from '../files/unreadableFile.ts'
import { columnsOf } from './fitsPixels.ts'
import { cardNumber, cardText, type SpectrumProduct, type SpectrumSurvey } from './spectrumFile.ts'

export interface KnownFile {
  readonly survey: SpectrumSurvey
  readonly product: SpectrumProduct
  readonly units: readonly FitsUnit[]
}

/** @throws FusionError FILE_UNREADABLE when it is cut short, or no spectrum known here, saying what it holds instead */
export async function knowFits(source: ByteSource): Promise<KnownFile> {
  const { units, isCut } = await listFitsUnits(source)
  const found = apogeeProduct(units) ?? lamostProduct(units) ?? sdssProduct(units) ?? (isXp(units) ? xp(units) : null)
  // A table of many spectra gives its whole rows first; half of a spectrum is none.
  if (isCut && found?.survey !== 'gaiaXp') {
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
    `holds no spectrum of ${productNames}, only ${held.slice(0, 8).join('; ')}; check that it is complete and the one meant`,
  )
}

/** For sentences. */
export const productNames = 'Gaia XP, APOGEE (apVisit, apStar, aspcapStar), SDSS or BOSS (spec) or LAMOST'

type Found = Omit<KnownFile, 'units'>

function apogeeProduct(units: readonly FitsUnit[]): Found | null {
  const [primary, ...rest] = units
  if (primary === undefined || rest.length < 2 || !isFitsImage(rest[0]) || isFitsImage(primary)) return null
  const says = (number: number, what: RegExp) =>
    what.test(cardText(rest[number - 1]?.header ?? primary.header, 'BUNIT') ?? '')
  const hasSteps = cardNumber(rest[0].header, 'CDELT1') !== null || cardNumber(primary.header, 'CDELT1') !== null
  const survey = 'apogee'
  if (says(1, /^Flux \(/i) && says(4, /^Wavelength/i)) return { survey, product: 'apVisit' }
  if (hasSteps && (primary.header.values.has('SFILE1') || primary.header.values.has('NVISITS'))) {
    return { survey, product: 'apStar' }
  }
  const isFitted = rest.some(unit => columnsOf(unit).includes('aspcapflag'))
  return hasSteps && isFitted ? { survey, product: 'aspcapStar' } : null
}

function lamostProduct(units: readonly FitsUnit[]): Found | null {
  if (!/LAMOST/i.test(cardText(units[0].header, 'TELESCOP') ?? '')) return null
  const names = units.map(unit => cardText(unit.header, 'EXTNAME') ?? '')
  if (names.some(name => /^(?:COADD_[BR]|[BR]-\d+)$/.test(name))) return { survey: 'lamostMrs', product: 'lamostMrs' }
  const isTable = units.some(unit => columnsOf(unit).includes('wavelength') && columnsOf(unit).includes('ivar'))
  return isFitsImage(units[0]) || isTable ? { survey: 'lamostLrs', product: 'lamostLrs' } : null
}

function sdssProduct(units: readonly FitsUnit[]): Found | null {
  const isSpec = units.some(unit => ['flux', 'loglam', 'ivar'].every(name => columnsOf(unit).includes(name)))
  if (!isSpec) return null
  // The BOSS spectrographs came with a new version of everything.
  const { header } = units[0]
  const isBoss = header.values.has('BOSSVER') || /^v/.test(cardText(header, 'RUN2D') ?? '')
  return { survey: isBoss ? 'boss' : 'sdss', product: 'sdssSpec' }
}

function isXp(units: readonly FitsUnit[]): boolean {
  const columns = units.flatMap(columnsOf)
  return (
    columns.includes('source_id') && (xpColumns.some(name => columns.includes(name)) || columns.includes('flux_error'))
  )
}

const xpColumns = ['bp_coefficients', 'rp_coefficients']

function xp(units: readonly FitsUnit[]): Found {
  const isContinuous = units.flatMap(columnsOf).some(name => xpColumns.includes(name))
  return { survey: 'gaiaXp', product: isContinuous ? 'xpContinuous' : 'xpSampled' }
}

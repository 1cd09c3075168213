// A spectrum with pixels as the matching sees it: a detection that measures nothing of the star, joins one and founds none.
import { FusionError, fingerprintOf, type Link, type Spectrum } from '../../schemas/index.ts'
import { liesAt, placeOfGaiaId } from './gaiaPlace.ts'
import { directionOf } from './properMotion.ts'
import { CELL_ORDER, cellOf } from './skyCells.ts'
import type { SkySource } from './skySource.ts'
import { REGION_ORDER } from './skyTrack.ts'

/** Behind all surveys: it joins what they found. */
export const SPECTRUM_LEVEL = Number.MAX_SAFE_INTEGER

/** 1-sigma error, each axis, of the place that a file states: that of the catalogue which the fibre was put by. */
const PLACE_ERR_ARCSEC = 0.3
/** Equinox and epoch of those catalogues. */
const CATALOGUE_JYR = 2000
const MJD_OF_J2000 = 51_544.5
const DAYS_PER_JYR = 365.25

/** APOGEE's name of a star is its designation in 2MASS behind two letters. */
const twoMassName = /^2M(?:ASS )?J?(\d{8}[+-]\d{7})$/
/** Cards and columns, behind the name of their extension, in which a file may name the star as another survey does. */
const nameCards = new Set(['OBJID', 'OBJNAME', 'APOGEE_ID', 'TCOMMENT', 'GAIA_ID', 'GAIA_SOURCE_ID'])

interface Place {
  readonly raDeg: number
  readonly decDeg: number
}

/** Whether a source is a spectrum with pixels, and none of a survey's table. */
export function isSpectrumSource({ level }: Pick<SkySource, 'level'>): boolean {
  return level === SPECTRUM_LEVEL
}

/** When a spectrum was taken, modified Julian date; null where the file does not say. */
export function spectrumEpochMjd({ midMjd, startMjd, nightMjd }: Spectrum): number | null {
  return midMjd ?? startMjd ?? nightMjd
}

/**
 * Signal over noise of all pixels of a spectrum together, from that of one: a sum of nights has more than one night, two arms more than
 * one of them. By the median, which a cosmic ray does not move.
 */
export function totalSignal(medianSignalToNoise: number | null = null, pixelCount = 0): number {
  return (medianSignalToNoise ?? 0) * Math.sqrt(pixelCount)
}

/** The columns of a file that the matching needs. */
export function namesInExtra({ extra }: Pick<Spectrum, 'extra'>): Readonly<Record<string, string>> {
  const isName = ([name, value]: [string, string]) =>
    nameCards.has(name.slice(name.indexOf('.') + 1)) && (twoMassName.test(value) || placeOfGaiaId(value) !== null)
  return Object.fromEntries(Object.entries(extra).filter(isName))
}

/**
 * Two files say of one spectrum that they are it by survey, product, source, night, plate, field, fibre, extensions and row.
 * Its place is that of the epoch when it was taken or of the catalogue that the fibre was put by: files do not say which.
 *
 * @param spectrum with or without its pixels
 * @throws FusionError VALUE_OUT_OF_RANGE where the file states no place on the sky, and no name of 2MASS, which is one
 */
export function createSpectrumSource(spectrum: Spectrum): SkySource {
  const { survey, product, source, nightMjd, plate, field, fibre, extension, row, file, revision = 0n } = spectrum
  const names = [...new Set([source, ...Object.values(namesInExtra(spectrum))])]
  const place = placeOf(spectrum, names)
  const direction = directionOf(place.raDeg, place.decDeg)
  const identity = fingerprintOf([product, source, ...[nightMjd, plate, field, fibre, extension, row].map(String)])
  const epochMjd = spectrumEpochMjd(spectrum)
  const epochJyr = epochMjd === null ? CATALOGUE_JYR : CATALOGUE_JYR + (epochMjd - MJD_OF_J2000) / DAYS_PER_JYR
  const links = names.flatMap(name => linksOf(name, direction))
  const id = `${survey}:${identity}`
  return {
    observation: {
      ...{ survey, source: identity, sourceId: null, releaseRank: 0, revision, ...place },
      ...{ positionErrArcsec: PLACE_ERR_ARCSEC, epochJyr, cell: BigInt(cellOf(place.raDeg, place.decDeg, CELL_ORDER)) },
      ...{ measurements: [], links, flags: [], origin: row === null ? file : `${file} row ${row}`, extra: {} },
    },
    ...{ spectrum, id, key: `spectrum:${id}`, level: SPECTRUM_LEVEL, family: survey },
    home: cellOf(place.raDeg, place.decDeg, REGION_ORDER),
    ...{ direction, reference: direction, motion: null, motionErrArcsecPerYr: 0, isFast: false },
    epochsJyr: epochJyr === CATALOGUE_JYR ? [epochJyr] : [epochJyr, CATALOGUE_JYR],
    names: [id],
    links: links.map(link => `${link.survey}:${link.source}`),
  }
}

function placeOf({ raDeg, decDeg, source, file, row }: Spectrum, names: readonly string[]): Place {
  if (raDeg !== null && decDeg !== null && raDeg >= 0 && raDeg <= 360 && Math.abs(decDeg) <= 90)
    return { raDeg, decDeg }
  const named = names.map(placeOfTwoMassName).find(place => place !== null)
  if (named !== undefined && named !== null) return named
  const stated = raDeg === null || decDeg === null ? 'no place' : `right ascension ${raDeg} and declination ${decDeg}`
  throw new FusionError(
    'VALUE_OUT_OF_RANGE',
    `${file}${row === null ? '' : ` row ${row}`}: the spectrum of ${source} states ${stated}, and no name of 2MASS, so its star cannot be found; correct it, and ingest the file again.`,
  )
}

/** The designation is the place: hours, minutes and seconds to 0.01, degrees, minutes and seconds to 0.1. */
function placeOfTwoMassName(name: string): Place | null {
  const designation = twoMassName.exec(name)?.[1]
  if (designation === undefined) return null
  const sexagesimal = (from: number, scale: number) => {
    const part = (at: number) => Number(designation.slice(from + at, from + at + 2))
    return part(0) + part(2) / 60 + Number(designation.slice(from + 4, from + (scale === 100 ? 8 : 7))) / scale / 3600
  }
  const sign = designation[8] === '-' ? -1 : 1
  const [raDeg, decDeg] = [15 * sexagesimal(0, 100), sign * sexagesimal(9, 10)]
  return raDeg < 360 && Math.abs(decDeg) <= 90 ? { raDeg, decDeg } : null
}

/** A number is an id of Gaia only where the id says that its source lies here; which release it is of is not said. */
function linksOf(name: string, reference: SkySource['reference']): readonly Link[] {
  const designation = twoMassName.exec(name)?.[1]
  if (designation !== undefined) return [{ survey: 'twoMass', source: designation }]
  const place = placeOfGaiaId(name)
  if (place === null || !liesAt(place, { reference })) return []
  return ['gaiaDr3', 'gaiaDr2'].map(survey => ({ survey, source: name }))
}

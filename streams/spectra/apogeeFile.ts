// APOGEE: apVisit (three chips of one visit), apStar (sums and visits of a star), aspcapStar (what its parameters were fitted to).
// Layouts: data.sdss.org/datamodel, files apVisit, apStar and aspcapStar.
import type { WavelengthLaw } from '../../schemas/index.ts'
import type { FitsUnit } from '../files/fitsHeader.ts'
import { type FitsImage, isFitsImage, readFitsImage, unitName } from '../files/fitsImage.ts'
import type { Value } from '../files/table.ts'
import { unreadable } from '../files/unreadableFile.ts'
import { columnsOf, extraCells } from './fitsPixels.ts'
import { apogeePixmaskBits } from './maskBits.ts'
import {
  cardInteger,
  cardMjd,
  cardNumber,
  cardText,
  extraCards,
  type OpenFile,
  outcomeOf,
  type SpectrumDraft,
  type SpectrumOutcome,
  type SpectrumProduct,
  unknownOrigin,
} from './spectrumFile.ts'
import { makeSegment, type SegmentDraft, type SpectrumPlace } from './spectrumSegment.ts'

const FLUX_UNIT = '1e-17 erg/s/cm2/Angstrom'
/** Rows of a visit, as its pipeline orders the detectors. */
const chips = ['red', 'green', 'blue'] as const
const JD_MINUS_MJD = 2_400_000.5

const surveys = ['apogee']
/** Errors and bits lie beside the fluxes, in images of their own. */
const hasImages = ([primary, ...rest]: readonly FitsUnit[]) =>
  primary !== undefined && rest.length >= 2 && isFitsImage(rest[0]) && !isFitsImage(primary)
const hasSteps = (units: readonly FitsUnit[]) =>
  cardNumber(units[1].header, 'CDELT1') !== null || cardNumber(units[0].header, 'CDELT1') !== null
const knownBy = (isOf: (units: readonly FitsUnit[]) => boolean) => (units: readonly FitsUnit[]) =>
  hasImages(units) && isOf(units) ? 'apogee' : null

export const apogeeProducts: readonly SpectrumProduct[] = [
  {
    name: 'apVisit',
    surveys,
    knowFits: knownBy(units => {
      const says = (number: number, what: RegExp) =>
        what.test(cardText((units[number] ?? units[0]).header, 'BUNIT') ?? '')
      return says(1, /^Flux \(/i) && says(4, /^Wavelength/i)
    }),
    read: readApVisit,
  },
  {
    name: 'apStar',
    surveys,
    knowFits: knownBy(units => {
      const { values } = units[0].header
      return hasSteps(units) && (values.has('SFILE1') || values.has('NVISITS'))
    }),
    read: readApStar,
  },
  {
    name: 'aspcapStar',
    surveys,
    knowFits: knownBy(units => hasSteps(units) && units.some(unit => columnsOf(unit).includes('aspcapflag'))),
    read: readAspcapStar,
  },
]

async function* readApVisit(file: OpenFile): AsyncGenerator<SpectrumOutcome, void, undefined> {
  const { path } = file.source
  const [flux, error, mask, wavelength] = await readImages(file, 4)
  const pixelCount = flux.axes[0]
  if (flux.values.length !== pixelCount * chips.length) {
    throw unreadable(path, `has ${flux.axes.join(' x ')} fluxes, not those of three chips; fetch the file again`)
  }
  const extra = await tableOfStar(file)
  yield outcomeOf(file, () => {
    const place = { path, extension: 'extensions 1 to 4', row: null }
    const segments = chips.map((name, chip) => {
      const rowOf = (image: FitsImage) => image.values.slice(chip * pixelCount, (chip + 1) * pixelCount)
      return makeSegment(
        {
          ...scaleOf('absolute'),
          name,
          wavelengthScale: 'linear',
          wavelengths: rowOf(wavelength),
          order: 'falling',
          fluxes: rowOf(flux),
          noise: { kind: 'error', values: rowOf(error) },
          masks: pixmask(rowOf(mask)),
          // Of the middle chip, says its card.
          signalToNoise: name === 'green' ? cardNumber(file.units[0].header, 'SNR') : null,
        },
        place,
      )
    })
    // The correction to the barycentre is stated, and not applied.
    return { ...originOf(file, extra, place), velocityFrame: 'topocentric', segments }
  })
}

async function* readApStar(file: OpenFile): AsyncGenerator<SpectrumOutcome, void, undefined> {
  const { header } = file.units[0]
  const [flux, error, mask] = await readImages(file, 3)
  const pixelCount = flux.axes[0]
  const rowCount = flux.values.length / pixelCount
  const visitCount = cardInteger(header, 'NVISITS')
  const extra = await tableOfStar(file)
  for (let row = 1; row <= rowCount; row++) {
    const visit = visitCount !== null && rowCount === visitCount + 2 && row > 2 ? row - 2 : null
    const kind =
      visit !== null ? `visit ${visit}` : row === 1 ? 'sum' : row === 2 ? 'sum, weighted by visits' : `row ${row}`
    yield outcomeOf(file, () => {
      const place = { path: file.source.path, extension: 'extensions 1 to 3', row }
      const rowOf = (image: FitsImage) => image.values.slice((row - 1) * pixelCount, row * pixelCount)
      const segment = makeSegment(
        {
          ...scaleOf('absolute'),
          name: kind,
          wavelengthScale: 'log10',
          wavelengths: lawOf(file),
          order: 'rising',
          fluxes: rowOf(flux),
          noise: { kind: 'error', values: rowOf(error) },
          masks: pixmask(rowOf(mask)),
          signalToNoise: cardNumber(header, visit === null ? 'SNR' : `SNRVIS${visit}`),
        },
        place,
      )
      const origin = originOf(file, extra, place)
      const jd = visit === null ? null : cardNumber(header, `JD${visit}`)
      return {
        ...origin,
        velocityFrame: 'rest',
        // Cards of the first visit are no epoch of a sum.
        ...{ startMjd: null, nightMjd: null, exposureS: null },
        midMjd: jd === null ? null : jd - JD_MINUS_MJD,
        fibre: visit === null ? null : cardInteger(header, `FIBER${visit}`),
        segments: [segment],
      }
    })
  }
}

async function* readAspcapStar(file: OpenFile): AsyncGenerator<SpectrumOutcome, void, undefined> {
  const [flux, error] = await readImages(file, 2)
  const extra = await tableOfStar(file)
  yield outcomeOf(file, () => {
    const place = { path: file.source.path, extension: 'extensions 1 and 2', row: null }
    const segment = makeSegment(
      {
        ...scaleOf('normalised'),
        name: 'sum',
        wavelengthScale: 'log10',
        wavelengths: lawOf(file),
        order: 'rising',
        fluxes: flux.values,
        noise: { kind: 'error', values: error.values },
        masks: [],
        signalToNoise: cardNumber(file.units[0].header, 'SNR'),
      },
      place,
    )
    return { ...originOf(file, extra, place), velocityFrame: 'rest', segments: [segment] }
  })
}

/** Images of the extensions 1, 2, ... */
async function readImages(file: OpenFile, count: number): Promise<readonly FitsImage[]> {
  const { source, units } = file
  const images: FitsImage[] = []
  for (let number = 1; number <= count; number++) {
    const unit = units[number]
    if (unit === undefined || !isFitsImage(unit)) {
      const found = unit === undefined ? 'nothing' : unitName(unit, number)
      throw unreadable(source.path, `has ${found} where ${file.product} has image ${number}; fetch the file again`)
    }
    images.push(await readFitsImage(source, unit, number))
  }
  return images
}

/** APOGEE's wavelengths are in vacuum. */
function scaleOf(
  fluxScale: 'absolute' | 'normalised',
): Pick<SegmentDraft, 'medium' | 'wavelengthUnit' | 'fluxUnit' | 'fluxScale'> {
  return {
    medium: 'vacuum',
    wavelengthUnit: 'Angstrom',
    fluxUnit: fluxScale === 'normalised' ? '' : FLUX_UNIT,
    fluxScale,
  }
}

/** Logarithms at even steps, by the cards of the first image. */
function lawOf({ units }: OpenFile): WavelengthLaw {
  const card = (keyword: string, fallback = Number.NaN) =>
    cardNumber(units[1].header, keyword) ?? cardNumber(units[0].header, keyword) ?? fallback
  const step = card('CDELT1')
  return { start: card('CRVAL1') - (card('CRPIX1', 1) - 1) * step, step }
}

function pixmask(bits: readonly Value[]) {
  return [{ name: 'pixel', bits, bitNames: apogeePixmaskBits }]
}

/** What the table of the star behind the images says. */
async function tableOfStar(file: OpenFile): Promise<Record<string, string>> {
  const number = file.units.findIndex(unit => columnsOf(unit).includes('apogee_id'))
  return number < 0 ? {} : extraCells(file, number, unitName(file.units[number], number).replace('extension ', 'HDU'))
}

function originOf(
  file: OpenFile,
  table: Record<string, string>,
  place: SpectrumPlace,
): Omit<SpectrumDraft, 'segments'> {
  const { header } = file.units[0]
  const cell = (name: string) => Object.entries(table).find(([key]) => key.endsWith(`.${name}`))?.[1] || null
  const jdMid = cardNumber(header, 'JD-MID')
  return {
    ...unknownOrigin,
    release: cardText(header, 'V_APRED'),
    source: cardText(header, 'OBJID') ?? cell('APOGEE_ID') ?? '',
    raDeg: cardNumber(header, 'RA'),
    decDeg: cardNumber(header, 'DEC'),
    startMjd: cardMjd(header, 'DATE-OBS'),
    midMjd: jdMid === null ? null : jdMid - JD_MINUS_MJD,
    exposureS: cardNumber(header, 'EXPTIME'),
    nightMjd: cardInteger(header, 'MJD5'),
    plate: cardText(header, 'PLATE'),
    field: cardText(header, 'FIELD') ?? cell('FIELD'),
    fibre: cardInteger(header, 'FIBERID'),
    bands: [],
    extension: place.extension,
    row: place.row,
    extra: { ...extraCards(header), ...table },
  }
}

// LAMOST: LRS as an image of five rows (to DR7) or as a table (from DR8), MRS with an extension for each arm and exposure.
// Layouts: lamost.org, data release documents of DR3, DR7 and DR10. Its bits have no names there that could be checked.

import type { FitsHeader, FitsUnit } from '../files/fitsHeader.ts'
import { isFitsImage, readFitsImage, unitName } from '../files/fitsImage.ts'
import type { Value } from '../files/table.ts'
import { unreadable } from '../files/unreadableFile.ts'
import { columnsOf, pixelColumn, readPixels } from './fitsPixels.ts'
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

/** Local time is that of Beijing, and so are its minutes. */
const BEIJING_DAYS = 8 / 24
const MINUTES_PER_DAY = 1440
const SECONDS_PER_DAY = 86_400

const isLamost = (units: readonly FitsUnit[]) => /LAMOST/i.test(cardText(units[0].header, 'TELESCOP') ?? '')

export const lamostProducts: readonly SpectrumProduct[] = [
  {
    name: 'lamostMrs',
    surveys: ['lamostMrs'],
    knowFits: units => {
      const isArm = (unit: FitsUnit) => /^(?:COADD_[BR]|[BR]-\d+)$/.test(cardText(unit.header, 'EXTNAME') ?? '')
      return isLamost(units) && units.some(isArm) ? 'lamostMrs' : null
    },
    read: readLamostMrs,
  },
  {
    name: 'lamostLrs',
    surveys: ['lamostLrs'],
    knowFits: units => {
      const isTable = (unit: FitsUnit) => ['wavelength', 'ivar'].every(name => columnsOf(unit).includes(name))
      return isLamost(units) && (isFitsImage(units[0]) || units.some(isTable)) ? 'lamostLrs' : null
    },
    read: readLamostLrs,
  },
]

type Pixels = ReadonlyMap<string, readonly Value[]>

async function* readLamostLrs(file: OpenFile): AsyncGenerator<SpectrumOutcome, void, undefined> {
  const { units, source } = file
  const { header } = units[0]
  const isImage = isFitsImage(units[0])
  const number = isImage ? 0 : units.findIndex(unit => unit.header.values.get('XTENSION') === 'BINTABLE')
  const extension = unitName(units[number], number)
  const pixels = isImage ? await imageRows(file) : await readPixels(file, number)
  yield outcomeOf(file, () => {
    const place = { path: source.path, extension, row: null }
    const segment = makeSegment(segmentOf(file, pixels, extension, 'sum', null), place)
    return {
      ...originOf(header, place),
      ...epochOf(header, header, null),
      frameCorrectionKmPerS: cardNumber(header, 'HELIO_RV'),
      segments: [segment],
    }
  })
}

/** The rows of the old layout by the names of the columns of the new one. */
async function imageRows({ source, units }: OpenFile): Promise<Pixels> {
  const { axes, values } = await readFitsImage(source, units[0], 0)
  const names = ['flux', 'ivar', 'wavelength', 'andmask', 'ormask']
  if (axes.length !== 2 || axes[1] < names.length) {
    throw unreadable(source.path, `has ${axes.join(' x ')} numbers, not five rows; fetch the file again`)
  }
  return new Map(names.map((name, row) => [name, values.slice(row * axes[0], (row + 1) * axes[0])]))
}

/** The sum first, then each exposure; an arm that is not there is left out. */
async function* readLamostMrs(file: OpenFile): AsyncGenerator<SpectrumOutcome, void, undefined> {
  const { units, source } = file
  const { header } = units[0]
  // The primary one counts. An arm may be absent by right, so that only this card tells of one that was cut off.
  const unitCount = cardInteger(header, 'N_EXTEN') ?? 0
  if (units.length < unitCount) {
    throw unreadable(
      source.path,
      `is cut short: it has ${units.length} of ${unitCount} extensions; fetch the file again`,
    )
  }
  const groups = new Map<string, number[]>()
  for (const [number, unit] of units.entries()) {
    const parts = /^(?:COADD_([BR])|([BR])-(\d+))$/.exec(cardText(unit.header, 'EXTNAME') ?? '')
    if (parts === null) continue
    const group = parts[3] ?? 'sum'
    groups.set(group, [...(groups.get(group) ?? []), number])
  }
  for (const [group, numbers] of groups) {
    const arms: { readonly extension: string; readonly header: FitsHeader; readonly pixels: Pixels }[] = []
    for (const number of numbers) {
      const pixels = await readPixels(file, number)
      arms.push({ extension: unitName(units[number], number), header: units[number].header, pixels })
    }
    const order = group === 'sum' ? 'rising' : 'either'
    yield outcomeOf(file, () => {
      const place = { path: source.path, extension: arms.map(arm => arm.extension).join(', '), row: null }
      const segments = arms.map(arm => {
        const name = /[BR](?=$|-)/.exec(arm.extension)?.[0] ?? arm.extension
        const draft = segmentOf(file, arm.pixels, arm.extension, name, cardNumber(arm.header, 'SNR'), order)
        return makeSegment(draft, { ...place, extension: arm.extension })
      })
      const origin = originOf(header, place)
      const cards = arms.map(arm => extraCards(arm.header, `${arm.extension}.`))
      return {
        ...origin,
        ...epochOf(header, arms[0].header, group === 'sum' ? null : group),
        // Stated once for the night: of each exposure it is another.
        frameCorrectionKmPerS: group === 'sum' ? cardNumber(header, 'HELIO_RV') : null,
        segments,
        extra: Object.assign({}, origin.extra, ...cards),
      }
    })
  }
}

function segmentOf(
  { source, units }: OpenFile,
  pixels: Pixels,
  extension: string,
  name: string,
  signalToNoise: number | null,
  order: SegmentDraft['order'] = 'rising',
): SegmentDraft {
  const column = (key: string) => pixelColumn(pixels, key, extension, source.path)
  const isLog = pixels.has('loglam')
  const masks = (['and', 'or', 'pix'] as const).filter(kind => pixels.has(`${kind}mask`))
  return {
    name,
    medium: units[0].header.values.get('VACUUM') === 'F' ? 'air' : 'vacuum',
    wavelengthUnit: 'Angstrom',
    wavelengthScale: isLog ? 'log10' : 'linear',
    wavelengths: column(isLog ? 'loglam' : 'wavelength'),
    order,
    fluxUnit: '',
    fluxScale: 'relative',
    fluxes: column('flux'),
    noise: { kind: 'ivar', values: column('ivar') },
    masks: masks.map(kind => ({ name: kind === 'pix' ? 'pixel' : kind, bits: column(`${kind}mask`), bitNames: [] })),
    signalToNoise,
  }
}

function originOf(header: FitsHeader, place: SpectrumPlace): Omit<SpectrumDraft, 'segments'> {
  return {
    ...unknownOrigin,
    release: cardText(header, 'DATA_V'),
    source: cardText(header, 'DESIG') ?? cardText(header, 'OBSID') ?? '',
    raDeg: cardNumber(header, 'RA'),
    decDeg: cardNumber(header, 'DEC'),
    velocityFrame: header.values.get('HELIO') === 'F' ? 'topocentric' : 'heliocentric',
    nightMjd: cardInteger(header, 'LMJD'),
    field: cardText(header, 'PLANID'),
    fibre: cardInteger(header, 'FIBERID'),
    bands: [],
    extension: place.extension,
    row: null,
    extra: extraCards(header),
  }
}

/**
 * Begin, middle and length of the exposures.
 * @param minute local modified Julian minute at which a single exposure began; `null` for a sum, whose cards list them
 */
function epochOf(primary: FitsHeader, header: FitsHeader, minute: string | null) {
  const first = minute ?? /^\d+/.exec(cardText(header, 'LMJMLIST') ?? '')?.[0]
  const startMjd = first === undefined ? null : Number(first) / MINUTES_PER_DAY - BEIJING_DAYS
  const exposureS = cardNumber(header, 'EXPTIME')
  const halfDays = (exposureS ?? Number.NaN) / 2 / SECONDS_PER_DAY
  const midMjd = minute === null ? cardMjd(primary, 'DATE-OBS') : startMjd === null ? null : startMjd + halfDays
  return { startMjd, midMjd: Number.isNaN(midMjd) ? null : midMjd, exposureS }
}

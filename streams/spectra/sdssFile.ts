// SDSS and BOSS: spec files, the sum of all exposures of a fibre. Layout: data.sdss.org/datamodel, file spec.
import { unitName } from '../files/fitsImage.ts'
import { columnsOf, extraCells, pixelColumn, readPixels } from './fitsPixels.ts'
import { sppixmaskBits } from './maskBits.ts'
import {
  cardInteger,
  cardNumber,
  cardText,
  extraCards,
  type OpenFile,
  outcomeOf,
  type SpectrumOutcome,
  type SpectrumProduct,
  textNumber,
  unknownOrigin,
} from './spectrumFile.ts'
import { makeSegment } from './spectrumSegment.ts'

const SECONDS_PER_DAY = 86_400

export const sdssProducts: readonly SpectrumProduct[] = [
  {
    name: 'sdssSpec',
    surveys: ['sdss', 'boss'],
    knowFits: units => {
      if (!units.some(unit => ['flux', 'loglam', 'ivar'].every(name => columnsOf(unit).includes(name)))) return null
      // The BOSS spectrographs came with a new version of everything.
      const { header } = units[0]
      return header.values.has('BOSSVER') || /^v/.test(cardText(header, 'RUN2D') ?? '') ? 'boss' : 'sdss'
    },
    read: readSdssSpec,
  },
]

async function* readSdssSpec(file: OpenFile): AsyncGenerator<SpectrumOutcome, void, undefined> {
  const { units, source } = file
  const { header } = units[0]
  const number = units.findIndex(unit => columnsOf(unit).includes('loglam'))
  const extension = unitName(units[number], number)
  const pixels = await readPixels(file, number)
  const column = (name: string) => pixelColumn(pixels, name, extension, source.path)
  const rowOfStar = await extraCells(
    file,
    units.findIndex(unit => columnsOf(unit).includes('plug_ra')),
    'SPECOBJ',
  )
  const cell = (name: string) => rowOfStar[`SPECOBJ.${name}`] || null
  yield outcomeOf(file, () => {
    const place = { path: source.path, extension, row: null }
    const beginTai = cardNumber(header, 'TAI-BEG')
    const name = [cardText(header, 'PLATEID'), cardText(header, 'MJD'), cardText(header, 'FIBERID')]
    const segment = makeSegment(
      {
        name: 'sum',
        medium: header.values.get('VACUUM') === 'F' ? 'air' : 'vacuum',
        wavelengthUnit: 'Angstrom',
        wavelengthScale: 'log10',
        wavelengths: column('loglam'),
        order: 'rising',
        fluxUnit: '1e-17 erg/s/cm2/Angstrom',
        fluxScale: 'absolute',
        fluxes: column('flux'),
        noise: { kind: 'ivar', values: column('ivar') },
        masks: ['and', 'or'].map(kind => ({
          name: kind,
          bits: column(`${kind}_mask`),
          bitNames: sppixmaskBits,
        })),
        signalToNoise: textNumber(cell('SN_MEDIAN_ALL') ?? ''),
      },
      place,
    )
    return {
      ...unknownOrigin,
      release: cardText(header, 'RUN2D') ?? cell('RUN2D'),
      source: cell('SPECOBJID') ?? cardText(header, 'SPEC_ID') ?? (name.includes(null) ? '' : name.join('-')),
      // RA and DEC are those of the telescope.
      raDeg: cardNumber(header, 'PLUG_RA'),
      decDeg: cardNumber(header, 'PLUG_DEC'),
      velocityFrame: 'heliocentric',
      frameCorrectionKmPerS: cardNumber(header, 'HELIO_RV'),
      startMjd: beginTai === null ? null : beginTai / SECONDS_PER_DAY,
      exposureS: cardNumber(header, 'EXPTIME'),
      nightMjd: cardInteger(header, 'MJD'),
      plate: cardText(header, 'PLATEID'),
      fibre: cardInteger(header, 'FIBERID'),
      segments: [segment],
      bands: [],
      extension,
      row: null,
      extra: { ...extraCards(header), ...rowOfStar },
    }
  })
}

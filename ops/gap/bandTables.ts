// Published tables in bands that nothing is ingested from: what the simulated ones are held against.
import { loadPassbands, type PassbandName } from '../../models/index.ts'
import { type CatalogueBand, type CatalogueTable, measuredNumber } from '../evaluation/catalogueTable.ts'

const panStarrs = ['G', 'R', 'I', 'Z', 'Y'].map(band => ({
  quantity: `ps1${band}Mag`,
  column: `PS_${band.toLowerCase()}`,
  errColumn: `PS_${band.toLowerCase()}_Err`,
}))

/** Saturation: York et al. 2000, AJ 120, 1579; the table has magnitudes of brighter stars too, some wrong by magnitudes. */
const sdssBrightestMag = { U: 12, G: 14, R: 14, I: 14, Z: 12 }

const sdss = Object.entries(sdssBrightestMag).map(([band, brightestMag]) => ({
  quantity: `sdss${band}Mag`,
  column: `SDSS_${band.toLowerCase()}`,
  errColumn: `SDSS_${band.toLowerCase()}_Err`,
  brightestMag,
}))

export const m67Bands: readonly CatalogueBand[] = [...panStarrs, ...sdss]

const iracUm = ['3.6', '4.5', '5.8', '8.0']

function zeroPointJy(name: PassbandName): number {
  const band = loadPassbands().find(one => one.name === name)
  if (band === undefined) throw new RangeError(`zeroPointJy: there is no band ${name}`)
  return band.zeroPointJy
}

const fluxBand = (quantity: string, column: string, band: PassbandName): CatalogueBand => ({
  quantity,
  column,
  errColumn: null,
  zeroPointJy: zeroPointJy(band),
})

const whole = { maxStars: 2000, leaveOut: () => null, isMember: () => true, labels: () => [], parts: [], cluster: null }

export const taurusSpitzer: CatalogueTable = {
  ...whole,
  name: 'taurusSpitzer',
  file: 'taurus_luhman2010_spitzer.csv',
  title: 'Taurus, Spitzer',
  reference: 'Luhman et al. 2010, ApJS 186, 111: members with Spitzer photometry',
  bands: iracUm.map((um, i) => ({ quantity: `irac${i + 1}Mag`, column: `[${um}]`, errColumn: `[${um}]_e` })),
}

export const ophiuchusSpitzer: CatalogueTable = {
  ...whole,
  name: 'ophiuchusSpitzer',
  file: 'oph_yso_dunham2015_seds.csv',
  title: 'Ophiuchus, Spitzer',
  reference: 'Dunham et al. 2015, ApJS 220, 11: young stellar objects of Spitzer surveys of the Gould Belt',
  // Steeper than a star's own slope at least: what the list holds of giants behind the cloud is left out.
  leaveOut: row => ((measuredNumber(row, 'alpha') ?? 0) < -1.6 ? 'slope of a star without a disk' : null),
  bands: [
    fluxBand('jMag', 'F1.25', 'jMag'),
    fluxBand('hMag', 'F1.65', 'hMag'),
    fluxBand('ksMag', 'F2.17', 'ksMag'),
    ...iracUm.map((um, i) => fluxBand(`irac${i + 1}Mag`, `F${um}`, (['i1Mag', 'i2Mag', 'i3Mag', 'i4Mag'] as const)[i])),
    fluxBand('mips24Mag', 'F24', 'm24Mag'),
  ],
}

// Stars towards M67 as several surveys have them, with spectra of some: records as incomplete as real ones are.
import type { Row } from '../../../streams/index.ts'
import { type CatalogueTable, measuredNumber, sameColumns } from '../catalogueTable.ts'
import type { StarLabel } from '../realStar.ts'

/**
 * On the stars they share, temperatures of two spectroscopic surveys scatter by 155 K and gravities by 0.25 dex
 * (Anguiano et al. 2018, A&A 620, A76): the error of one is this over the root of two, where it states less or none.
 */
const SPECTROSCOPIC = { teffErrK: 110, loggErrDex: 0.18 }

const spectra = [
  { teff: 'payne.teff', teffErr: null, logg: 'payne.logg' },
  { teff: 'lamost_dr3_stellar.teff', teffErr: 'lamost_dr3_stellar.teff_err', logg: 'lamost_dr3_stellar.logg' },
  { teff: 'segue_sspp.teff_adop', teffErr: 'segue_sspp.teff_adop_unc', logg: 'segue_sspp.logg_adop' },
] as const

/** Labels of the first survey that has any: APOGEE before LAMOST before SEGUE. */
function spectroscopicLabels(row: Row): readonly StarLabel[] {
  for (const { teff, teffErr, logg } of spectra) {
    const teffK = measuredNumber(row, teff)
    const loggDex = measuredNumber(row, logg)
    if (teffK === null || loggDex === null) continue
    // Fits that the Payne's authors call bad.
    if (teff === 'payne.teff' && row['payne.quality_flag'] !== 'good') continue
    const statedK = teffErr === null ? 0 : (measuredNumber(row, teffErr) ?? 0)
    return [
      { quantity: 'teffK', value: teffK, err: Math.max(SPECTROSCOPIC.teffErrK, statedK) },
      { quantity: 'loggDex', value: loggDex, err: SPECTROSCOPIC.loggErrDex },
    ]
  }
  return []
}

function isM67Member(row: Row): boolean {
  return (measuredNumber(row, 'HDBscan_MemProb') ?? 0) >= 0.5
}

const gaiaColumns = ['source_id', 'ra', 'dec', 'parallax', 'parallax_error']
const gaiaMags = ['phot_g_mean_mag', 'phot_bp_mean_mag', 'phot_rp_mean_mag']
const twoMassColumns = ['ra', 'dec', 'j_m', 'j_msigcom', 'h_m', 'h_msigcom', 'k_m', 'k_msigcom', 'ph_qual', 'cc_flg']
const wiseMags = [1, 2, 3, 4].flatMap(band => [`w${band}mpro`, `w${band}sigmpro`])

export const m67Stars: CatalogueTable = {
  name: 'm67Surveys',
  file: 'm67_brutus_multisurvey_dev.parquet',
  title: 'M67, three surveys',
  reference:
    'table of brutus (Speagle et al. 2025, arXiv:2503.02227); spectra of APOGEE by the Payne (Ting et al. 2019, ApJ 879, 69), LAMOST DR3 and SEGUE',
  cluster: 'm67',
  maxStars: 420,
  parts: [
    {
      survey: 'gaiaDr2',
      presentBy: 'gaia_dr2_source.source_id',
      columns: sameColumns([...gaiaColumns, ...gaiaMags], 'gaia_dr2_source.'),
    },
    {
      survey: 'twoMass',
      presentBy: 'tmass.twomass_id',
      columns: { designation: 'tmass.twomass_id', ...sameColumns(twoMassColumns, 'tmass.') },
    },
    {
      survey: 'allWise',
      presentBy: 'allwise.source_id',
      columns: {
        designation: 'allwise.source_id',
        ...sameColumns(['ra', 'dec', ...wiseMags, 'ph_qual', 'cc_flags', 'ext_flg'], 'allwise.'),
      },
    },
  ],
  leaveOut: row =>
    isM67Member(row) || spectroscopicLabels(row).length > 0 ? null : 'member with less than 50% and without a spectrum',
  isMember: isM67Member,
  labels: spectroscopicLabels,
}

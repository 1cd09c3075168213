// Bright stars whose temperature and gravity are known without spectra or stellar models.
import { type CatalogueTable, measuredNumber, sameColumns } from '../catalogueTable.ts'
import type { LabelledQuantity, StarLabel } from '../realStar.ts'

const gaiaBands = ['g', 'bp', 'rp'].flatMap(band =>
  ['mag', 'flux', 'flux_error'].map(what => `phot_${band}_mean_${what}`),
)

export const benchmarkStars: CatalogueTable = {
  name: 'benchmarkStars',
  file: 'gaia_fgk_benchmark_v3_dev.csv',
  title: 'Gaia FGK benchmark stars',
  reference:
    'Soubiran et al. 2024, A&A 682, A145: effective temperature from angular diameter and bolometric flux, gravity from radius and mass',
  cluster: null,
  maxStars: 500,
  parts: [
    {
      survey: 'gaiaDr3',
      presentBy: 'phot_g_mean_mag',
      columns: {
        // The table's Gaia ids went through floating point and are rounded: the Hipparcos number stands in.
        source_id: 'hip_int',
        ...sameColumns(['ra', 'dec', 'ruwe', 'parallax', 'parallax_error', ...gaiaBands]),
      },
    },
    {
      survey: 'twoMass',
      presentBy: 'tmass_id',
      columns: {
        designation: 'tmass_id',
        ra: 'ra_j2000',
        dec: 'dec_j2000',
        ...sameColumns(['j_m', 'j_msigcom', 'h_m', 'h_msigcom']),
        k_m: 'ks_m',
        k_msigcom: 'ks_msigcom',
        ph_qual: 'ph_qual_tmass',
      },
    },
    {
      survey: 'allWise',
      presentBy: 'designation_allwise',
      columns: {
        designation: 'designation_allwise',
        ra: 'ra_j2000',
        dec: 'dec_j2000',
        ...sameColumns(['w1mpro', 'w2mpro', 'w3mpro', 'w4mpro']),
        w1sigmpro: 'w1mpro_error',
        w2sigmpro: 'w2mpro_error',
        w3sigmpro: 'w3mpro_error',
        w4sigmpro: 'w4mpro_error',
        ph_qual: 'ph_qual_allwise',
      },
    },
  ],
  leaveOut: () => null,
  isMember: () => true,
  labels(row) {
    const label = (quantity: LabelledQuantity, column: string): StarLabel[] => {
      const [value, err] = [measuredNumber(row, column), measuredNumber(row, `e_${column}`)]
      return value === null || err === null ? [] : [{ quantity, value, err }]
    }
    return [...label('teffK', 'teff'), ...label('loggDex', 'logg')]
  },
}

// Candidate members of rho Ophiuchi, disks included: young stars with all that Gaia, 2MASS and AllWISE say of them.
import { type CatalogueTable, measuredNumber, sameColumns } from '../catalogueTable.ts'

const gaiaColumns = ['source_id', 'ra', 'dec', 'ruwe', 'parallax', 'parallax_error']
const gaiaMags = ['phot_g_mean_mag', 'phot_bp_mean_mag', 'phot_rp_mean_mag']

export const rhoOphiuchiStars: CatalogueTable = {
  name: 'rhoOphiuchiSurveys',
  file: 'rho_oph_canovas2019_dev.csv',
  title: 'rho Ophiuchi, all candidates',
  reference: 'Canovas et al. 2019, A&A 626, A80: members by position and motion alone',
  cluster: 'rhoOphiuchi',
  maxStars: 400,
  parts: [
    {
      survey: 'gaiaDr2',
      presentBy: 'source_id',
      columns: {
        ...sameColumns([...gaiaColumns, ...gaiaMags]),
        ...Object.fromEntries(gaiaMags.map(name => [`${name}_error`, `${name}_err`])),
      },
    },
    {
      survey: 'twoMass',
      presentBy: 'Jmag',
      columns: {
        designation: 'original_ext_source_id',
        ...sameColumns(['ra', 'dec']),
        j_m: 'Jmag',
        j_msigcom: 'e_Jmag',
        h_m: 'Hmag',
        h_msigcom: 'e_Hmag',
        k_m: 'Kmag',
        k_msigcom: 'e_Kmag',
        ph_qual: 'tmass_ph_qual',
      },
    },
    {
      survey: 'allWise',
      presentBy: 'W1mag',
      columns: {
        // The table has no AllWISE names; nothing is matched by them here.
        designation: 'source_id',
        ...sameColumns(['ra', 'dec']),
        ...Object.fromEntries(
          [1, 2, 3, 4].flatMap(band => [
            [`w${band}mpro`, `W${band}mag`],
            [`w${band}sigmpro`, `e_W${band}mag`],
          ]),
        ),
        ph_qual: 'wise_ph_qual',
        cc_flags: 'cc_flag',
        ext_flg: 'ext_flag',
      },
    },
  ],
  leaveOut: row => (measuredNumber(row, 'member_candidate') === 1 ? null : 'no candidate member'),
  isMember: () => true,
  labels: () => [],
}

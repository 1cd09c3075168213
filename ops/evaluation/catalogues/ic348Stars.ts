// Members of IC 348 with spectral types: very young stars behind dust, of which only J, H and Ks are known here.
import type { Row } from '../../../streams/index.ts'
import { type CatalogueTable, measuredNumber } from '../catalogueTable.ts'

/** One subclass in an M spectral type is 4% in temperature (Luhman et al. 2003, table 8). */
const SUBCLASS_SHARE = 0.04
/** Nothing is matched by position: every row stands in the middle of the cluster. */
const CENTRE = { raDeg: 56.13, decDeg: 32.16 }

/** J and H are printed as colours. */
function withMagnitudes(row: Row): Row {
  const [ks, hk, jh] = [measuredNumber(row, 'Kmag'), colour(row, 'H-K'), colour(row, 'J-H')]
  const h = ks === null || hk === null ? null : ks + hk
  return { ...row, Hmag: h, Jmag: h === null || jh === null ? null : h + jh }
}

/** A colour of zero is a measurement. */
function colour(row: Row, column: string): number | null {
  const text = row[column]
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : text
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export const ic348Stars: CatalogueTable = {
  name: 'ic348',
  file: 'ic348_luhman2003.csv',
  title: 'IC 348',
  reference: 'Luhman et al. 2003, ApJ 593, 1093: members with spectral types; JHK only, without errors',
  cluster: 'ic348',
  maxStars: 300,
  parts: [
    {
      survey: 'twoMass',
      presentBy: 'Kmag',
      columns: {
        designation: 'ID',
        ra: { value: CENTRE.raDeg },
        dec: { value: CENTRE.decDeg },
        j_m: 'Jmag',
        h_m: 'Hmag',
        k_m: 'Kmag',
      },
    },
  ],
  prepare: withMagnitudes,
  leaveOut: row => (measuredNumber(row, 'Kmag') === null ? 'no near-infrared photometry' : null),
  isMember: () => true,
  labels(row) {
    const teffK = measuredNumber(row, 'Teff')
    return teffK === null ? [] : [{ quantity: 'teffK', value: teffK, err: SUBCLASS_SHARE * teffK }]
  },
}

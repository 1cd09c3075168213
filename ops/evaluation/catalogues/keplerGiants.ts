// Red giants whose distances and ages come from their oscillations; the model sees three magnitudes and no parallax.
import { type CatalogueTable, measuredNumber } from '../catalogueTable.ts'
import type { StarLabel } from '../realStar.ts'

export const keplerGiants: CatalogueTable = {
  name: 'keplerGiants',
  file: 'kepler_apogee_miglio2021_dev.csv',
  title: 'Kepler red giants',
  reference:
    'Miglio et al. 2021, A&A 645, A85: distances and ages from oscillations and spectra; 2MASS magnitudes without errors',
  cluster: null,
  maxStars: 200,
  parts: [
    {
      survey: 'twoMass',
      presentBy: 'Ksmag',
      columns: { designation: 'APOGEE', ra: 'RAdeg', dec: 'DEdeg', j_m: 'Jmag', h_m: 'Hmag', k_m: 'Ksmag' },
    },
  ],
  leaveOut: row => (measuredNumber(row, 'Dist') === null ? 'no distance' : null),
  isMember: () => true,
  labels(row) {
    const label = (quantity: StarLabel['quantity'], names: readonly string[], offset: number): StarLabel[] => {
      const [value, low, high] = names.map(name => measuredNumber(row, name))
      if (value === null || low === null || high === null || !(low > 0) || !(high > low)) return []
      return [{ quantity, value: Math.log10(value) + offset, err: Math.log10(high / low) / 2 }]
    }
    return [
      ...label('logDistancePc', ['Dist', 'b_Dist', 'b_dist_lc'], 3),
      ...label('logAgeYr', ['Age', 'b_Age', 'b_age_lc'], 9),
    ]
  },
}

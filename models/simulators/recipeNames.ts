// Names that a recipe may use.
import { type ModelSet, modelCounts } from './dust/modelSets.ts'
import { starFamilies } from './tracks/starFamilies.ts'

/** In the order of `starFamilies`, so that a name's place is the family's number. */
export const evolutionFamilies: readonly string[] = starFamilies.map(({ name }) => name)

export { atmosphereFamilies } from './photosphere/atmosphere.ts'
export { extinctionLawNames as lawNames } from './photosphere/extinctionLaws.ts'

export const galacticComponents = ['thinDisk', 'thickDisk', 'halo', 'bulge'] as const

export const contaminantKinds = ['agbOxygen', 'agbCarbon', 'planetaryNebula', 'galaxy', 'agn', 'beStar'] as const

export const seenSurveys = ['gaiaDr3', 'twoMass', 'allWise', 'irac', 'mips24', 'panStarrs', 'sdss', 'gaiaXp'] as const

/** Bands of magnitude limits. */
export { bands as magnitudeBands } from './photometry.ts'

export const modelSetNames = Object.keys(modelCounts) as readonly ModelSet[]

/** Associations of BANYAN Sigma. Source: Gagne et al. 2018, ApJ 856, 23, table 1. */
export const associationNames = [
  '118 Tau',
  'AB Doradus',
  'beta Pictoris',
  'Carina',
  'Carina-Near',
  'Coma Berenices',
  'Columba',
  'Corona Australis',
  'epsilon Chamaeleontis',
  'eta Chamaeleontis',
  'Hyades',
  'IC 2391',
  'IC 2602',
  'Lower Centaurus-Crux',
  'Octans',
  'Platais 8',
  'Pleiades',
  'rho Ophiuchi',
  'Taurus',
  'Tucana-Horologium',
  '32 Orionis',
  'TW Hydrae',
  'Upper Centaurus-Lupus',
  'Upper Corona Australis',
  'Ursa Major',
  'Upper Scorpius',
  'chi1 Fornacis',
] as const

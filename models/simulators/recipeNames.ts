// Names that a recipe may use.
import { associations } from './galaxy/associations.ts'
import { starFamilies } from './tracks/starFamilies.ts'

/** In the order of `starFamilies`, so that a name's place is the family's number. */
export const evolutionFamilies: readonly string[] = starFamilies.map(({ name }) => name)

export { atmosphereFamilies } from './photosphere/atmosphere.ts'
export { extinctionLawNames as lawNames } from './photosphere/extinctionLaws.ts'

export const galacticComponents = ['thinDisk', 'thickDisk', 'halo', 'bulge'] as const

export const contaminantKinds = ['agbOxygen', 'agbCarbon', 'planetaryNebula', 'galaxy', 'agn', 'beStar'] as const

export const seenSurveys = ['gaiaDr3', 'twoMass', 'allWise', 'irac', 'mips24', 'panStarrs', 'sdss', 'gaiaXp'] as const

export { modelSets as modelSetNames } from './dust/modelSets.ts'
/** Bands of magnitude limits. */
export { passbandNames as magnitudeBands } from './photosphere/passbands.ts'

/** Associations of BANYAN Sigma. */
export const associationNames: readonly string[] = associations.map(({ name }) => name)

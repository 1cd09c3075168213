// Names that a recipe may use.
import { type ModelSet, modelCounts } from './dust/modelSets.ts'

export const evolutionFamilies = [
  'bhac15',
  'parsec',
  'mist',
  'siess',
  'pisa',
  'feiden',
  'feidenMagnetic',
  'spots',
] as const

export const atmosphereFamilies = ['btSettl', 'kurucz', 'phoenix'] as const

export const lawNames = ['ccm89', 'o94', 'f99', 'f19', 'g23'] as const

export const galacticComponents = ['thinDisk', 'thickDisk', 'halo', 'bulge'] as const

export const contaminantKinds = ['agbOxygen', 'agbCarbon', 'planetaryNebula', 'galaxy', 'agn', 'beStar'] as const

export const seenSurveys = ['gaiaDr3', 'twoMass', 'allWise', 'irac', 'mips24', 'panStarrs', 'sdss', 'gaiaXp'] as const

export const magnitudeBands = [
  'gMag',
  'bpMag',
  'rpMag',
  'jMag',
  'hMag',
  'ksMag',
  'w1Mag',
  'w2Mag',
  'w3Mag',
  'w4Mag',
] as const

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

// Bands that a star must have to be compared, and what of them is compared.

export interface SurveySubset {
  readonly name: string
  readonly title: string
  readonly magnitude: string
  /** Differences of neighbouring bands. */
  readonly colours: readonly (readonly [string, string])[]
}

const pairsOf = (bands: readonly string[]): SurveySubset['colours'] =>
  bands.slice(1).map((band, i) => [bands[i], band] as const)

const gaia = ['bpMag', 'gMag', 'rpMag']
const twoMass = ['jMag', 'hMag', 'ksMag']
const short = [...gaia, ...twoMass, 'w1Mag', 'w2Mag']
const irac = ['irac1Mag', 'irac2Mag', 'irac3Mag', 'irac4Mag']
const twoMassIrac = [...twoMass, ...irac]
const panStarrs = ['ps1GMag', 'ps1RMag', 'ps1IMag', 'ps1ZMag', 'ps1YMag']
const sdss = ['sdssUMag', 'sdssGMag', 'sdssRMag', 'sdssIMag', 'sdssZMag']

/** Stars count where they have every band of the subset. */
export const surveySubsets: readonly SurveySubset[] = [
  { name: 'gaia', title: 'Gaia', magnitude: 'gMag', colours: pairsOf(gaia) },
  { name: 'twoMass', title: '2MASS', magnitude: 'ksMag', colours: pairsOf(twoMass) },
  { name: 'gaiaTwoMass', title: 'Gaia, 2MASS', magnitude: 'gMag', colours: pairsOf([...gaia, ...twoMass]) },
  { name: 'gaiaTwoMassWise', title: 'Gaia, 2MASS, W1, W2', magnitude: 'gMag', colours: pairsOf(short) },
  { name: 'everything', title: 'Gaia, 2MASS, W1 to W3', magnitude: 'gMag', colours: pairsOf([...short, 'w3Mag']) },
]

export const infraredSubsets: readonly SurveySubset[] = [
  { name: 'irac', title: 'IRAC', magnitude: 'irac2Mag', colours: pairsOf(irac) },
  { name: 'twoMassIrac', title: '2MASS, IRAC', magnitude: 'ksMag', colours: pairsOf(twoMassIrac) },
  {
    name: 'twoMassSpitzer',
    title: '2MASS, IRAC, MIPS 24 um',
    magnitude: 'ksMag',
    colours: pairsOf([...twoMassIrac, 'mips24Mag']),
  },
]

export const opticalSubsets: readonly SurveySubset[] = [
  { name: 'panStarrs', title: 'Pan-STARRS', magnitude: 'ps1RMag', colours: pairsOf(panStarrs) },
  { name: 'sdss', title: 'SDSS', magnitude: 'sdssRMag', colours: pairsOf(sdss) },
  {
    name: 'panStarrsTwoMassWise',
    title: 'Pan-STARRS, 2MASS, W1, W2',
    magnitude: 'ps1RMag',
    colours: pairsOf([...panStarrs, ...twoMass, 'w1Mag', 'w2Mag']),
  },
  {
    name: 'gaiaSdssTwoMass',
    title: 'Gaia, SDSS, 2MASS',
    magnitude: 'gMag',
    colours: [...pairsOf(gaia), ...pairsOf([...sdss, ...twoMass])],
  },
]

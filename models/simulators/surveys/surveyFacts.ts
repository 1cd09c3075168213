// What the surveys of the forward model reach, and how well: one row a band, every number with its source.

export const surveyNames = ['gaia', 'twoMass', 'allWise', 'irac', 'mips24', 'panStarrs', 'sdss'] as const
export type SurveyName = (typeof surveyNames)[number]

/** Median 1-sigma error at a magnitude; between nodes log(error) is linear. */
export type ErrorNode = readonly [mag: number, error: number]

/** A logistic curve: the share is a half at `halfMag` and falls from 73% to 27% over two widths. */
export interface LimitCurve {
  readonly halfMag: number
  readonly widthMag: number
}

/** One observable of one survey. Magnitudes are the survey's own: AB for Pan-STARRS and SDSS, Vega elsewhere. */
export interface BandRow {
  readonly name: string
  readonly survey: SurveyName
  /** Errors the survey reports, against the magnitude in the band (of G for the astrometry). */
  readonly errors: readonly ErrorNode[]
  /** Spread of reported errors about their median, dex. */
  readonly spreadDex: number
  /** Calibration error that the reported error leaves out, added in quadrature to the noise. */
  readonly floor: number
  /** Share of stars that the survey finds by this band alone; absent where a band never makes a source. */
  readonly found?: LimitCurve
  /** Brighter than this the band is saturated beyond use (share kept is one half here). */
  readonly bright?: LimitCurve
  /** Depth lost for each tenfold in star density beyond `crowdedLogDensity`, mag. */
  readonly crowdingMag: number
  /** Share of the nebula's lost depth that the band suffers. */
  readonly nebula: number
}

/** How a survey makes a source of what it measures in its bands. */
export interface SurveyRow {
  readonly name: SurveyName
  readonly title: string
  readonly reference: string
  /** A brighter neighbour within this makes one source of two, and the star is not in the table. */
  readonly resolutionArcsec: number
  /** Share of stars that have no entry for other reasons: edges, artefacts, quality cuts. */
  readonly gapShare: number
  /** Below this signal-to-noise a band of a found source is not a measurement ... */
  readonly minSnr: number
  /** ... but an upper limit at 95% confidence, nothing at all, or the measurement still (SDSS, as an asinh magnitude). */
  readonly below: 'limit' | 'missing' | 'value'
  /** Whether the survey looks once: a variable star is then caught at one brightness. */
  readonly isSingleEpoch: boolean
}

// biome-ignore format: one survey a line reads as the table it is
export const surveyRows: readonly SurveyRow[] = [
  { name: 'gaia', title: 'Gaia DR3', reference: 'Lindegren+ 2021, A&A 649, A2; Riello+ 2021, A&A 649, A3; Cantat-Gaudin+ 2023, A&A 669, A55', resolutionArcsec: 0.4, gapShare: 0.003, minSnr: 0, below: 'value', isSingleEpoch: false },
  { name: 'twoMass', title: '2MASS point sources', reference: 'Skrutskie+ 2006, AJ 131, 1163', resolutionArcsec: 2, gapShare: 0.005, minSnr: 3.3, below: 'limit', isSingleEpoch: true },
  { name: 'allWise', title: 'AllWISE', reference: 'Wright+ 2010, AJ 140, 1868; Cutri+ 2013, AllWISE explanatory supplement', resolutionArcsec: 6.1, gapShare: 0.03, minSnr: 2, below: 'limit', isSingleEpoch: true },
  { name: 'irac', title: 'Spitzer IRAC, maps of clouds', reference: 'Fazio+ 2004, ApJS 154, 10; Lacy+ 2005, ApJS 161, 41; Evans+ 2009, ApJS 181, 321', resolutionArcsec: 1.7, gapShare: 0.02, minSnr: 3, below: 'limit', isSingleEpoch: true },
  { name: 'mips24', title: 'Spitzer MIPS 24 um, maps of clouds', reference: 'Rieke+ 2004, ApJS 154, 25; Evans+ 2009, ApJS 181, 321', resolutionArcsec: 6, gapShare: 0.02, minSnr: 3, below: 'limit', isSingleEpoch: true },
  { name: 'panStarrs', title: 'Pan-STARRS1 mean objects', reference: 'Chambers+ 2016, arXiv:1612.05560; Magnier+ 2020, ApJS 251, 6', resolutionArcsec: 1.1, gapShare: 0.005, minSnr: 5, below: 'missing', isSingleEpoch: false },
  { name: 'sdss', title: 'SDSS imaging', reference: 'York+ 2000, AJ 120, 1579; Abazajian+ 2009, ApJS 182, 543', resolutionArcsec: 1.3, gapShare: 0.012, minSnr: 0, below: 'value', isSingleEpoch: true },
]

/** log10 of stars with G < 20 per square degree up to which no survey is crowded. */
export const crowdedLogDensity = 4.3

// Nodes are medians read off published tables of the Pleiades, Praesepe, NGC 3532 (Gaia DR3), M67 (2MASS, AllWISE, Pan-STARRS, SDSS)
// and of bright benchmark stars, at the sky's mean depth; the tests hold them against the surveys' own papers. Where a table ends the
// error grows as that of a faint source on a background, 0.4 dex a magnitude.
// Limits: Gaia: Cantat-Gaudin+ 2023. 2MASS: Skrutskie+ 2006 (99% complete at J 15.8, H 15.1, Ks 14.3; nearly all of M67 a magnitude
// fainter). AllWISE: Cutri+ 2013, II.5 (95% complete at W1 17.1, W2 15.7). IRAC: Lacy+ 2005 (80% complete at 20, 25, 100, 100 uJy);
// saturation as in the clouds' tables, which use the short frames. MIPS: a choice, where those tables end. Pan-STARRS: one-epoch depth, Chambers+ 2016, table 11. SDSS:
// Abazajian+ 2009 (95% complete at 22.0, 22.2, 22.2, 21.3, 20.5), saturation York+ 2000.
// Floors: Maiz Apellaniz+ 2021 (parallax), Lindegren+ 2021 (motions), Riello+ 2021 (Gaia), Cohen+ 2003 (2MASS), Jarrett+ 2011 (WISE),
// Reach+ 2005 (IRAC), Engelbracht+ 2007 (MIPS), Tonry+ 2012 (Pan-STARRS), Padmanabhan+ 2008 (SDSS).
// biome-ignore format: one band a line reads as the table it is
export const bandRows: readonly BandRow[] = [
  { name: 'parallaxMas', survey: 'gaia', spreadDex: 0.09, floor: 0.0103, crowdingMag: 0.15, nebula: 0, errors: [[2, 0.3], [3, 0.19], [4.75, 0.08], [6.25, 0.036], [7.75, 0.02], [9, 0.0175], [12, 0.0145], [13, 0.0165], [14, 0.0205], [15, 0.0305], [16, 0.047], [17, 0.074], [18, 0.13], [19, 0.24], [20, 0.5], [20.7, 0.95], [21, 1.3]] },
  { name: 'pmRaCosDecMasPerYr', survey: 'gaia', spreadDex: 0.09, floor: 0.01, crowdingMag: 0.15, nebula: 0, errors: [[2, 0.31], [3, 0.195], [4.75, 0.082], [6.25, 0.037], [7.75, 0.0205], [9, 0.018], [12, 0.015], [13, 0.017], [14, 0.021], [15, 0.0315], [16, 0.0485], [17, 0.076], [18, 0.134], [19, 0.247], [20, 0.515], [20.7, 0.98], [21, 1.4]] },
  { name: 'pmDecMasPerYr', survey: 'gaia', spreadDex: 0.09, floor: 0.01, crowdingMag: 0.15, nebula: 0, errors: [[2, 0.27], [3, 0.17], [4.75, 0.071], [6.25, 0.032], [7.75, 0.018], [9, 0.0157], [12, 0.013], [13, 0.0148], [14, 0.0184], [15, 0.0274], [16, 0.0422], [17, 0.0665], [18, 0.117], [19, 0.215], [20, 0.45], [20.7, 0.85], [21, 1.2]] },
  { name: 'gMag', survey: 'gaia', spreadDex: 0.12, floor: 0.0028, crowdingMag: 0.1, nebula: 0, found: { halfMag: 20.9, widthMag: 0.1 }, bright: { halfMag: 2.6, widthMag: 0.25 }, errors: [[3, 0.002], [5, 0.0006], [6.5, 0.0003], [9.5, 0.0002], [11.5, 0.0005], [13.5, 0.00035], [14.5, 0.0004], [15.5, 0.0006], [16.5, 0.0008], [17.5, 0.0012], [18.5, 0.0019], [19.5, 0.003], [20.5, 0.007], [21.2, 0.014]] },
  { name: 'bpMag', survey: 'gaia', spreadDex: 0.15, floor: 0.0028, crowdingMag: 0.3, nebula: 0.2, errors: [[3, 0.003], [6.5, 0.0007], [9.5, 0.0004], [10.5, 0.0008], [11.5, 0.0014], [12.5, 0.0013], [13.5, 0.0013], [14.5, 0.0017], [15.5, 0.0026], [16.5, 0.0046], [17.5, 0.0088], [18.5, 0.018], [19.5, 0.043], [20.5, 0.09], [21.5, 0.15]] },
  { name: 'rpMag', survey: 'gaia', spreadDex: 0.15, floor: 0.0038, crowdingMag: 0.3, nebula: 0.2, errors: [[3, 0.003], [6.5, 0.0007], [8.5, 0.0003], [9.5, 0.0004], [10.5, 0.001], [12.5, 0.001], [13.5, 0.0013], [14.5, 0.0019], [15.5, 0.0031], [16.5, 0.0058], [17.5, 0.012], [18.5, 0.022], [19.5, 0.05], [21, 0.15]] },
  { name: 'jMag', survey: 'twoMass', spreadDex: 0.06, floor: 0.011, crowdingMag: 0.5, nebula: 0, found: { halfMag: 17.0, widthMag: 0.2 }, bright: { halfMag: -4, widthMag: 0.3 }, errors: [[-2, 0.25], [4.5, 0.25], [5.5, 0.024], [7, 0.022], [12.5, 0.022], [13.5, 0.024], [14.5, 0.031], [15.5, 0.054], [16.5, 0.102], [17.5, 0.24], [18.5, 0.6]] },
  { name: 'hMag', survey: 'twoMass', spreadDex: 0.07, floor: 0.007, crowdingMag: 0.5, nebula: 0, found: { halfMag: 16.2, widthMag: 0.2 }, bright: { halfMag: -4, widthMag: 0.3 }, errors: [[-2, 0.2], [4, 0.21], [5.5, 0.024], [7, 0.022], [12.5, 0.023], [13.5, 0.031], [14.5, 0.048], [15.5, 0.1], [16.5, 0.24], [17.5, 0.6]] },
  { name: 'ksMag', survey: 'twoMass', spreadDex: 0.07, floor: 0.007, crowdingMag: 0.5, nebula: 0, found: { halfMag: 15.6, widthMag: 0.2 }, bright: { halfMag: -4, widthMag: 0.3 }, errors: [[-2, 0.22], [3.8, 0.25], [5, 0.022], [7, 0.02], [11.5, 0.02], [12.5, 0.023], [13.5, 0.035], [14.5, 0.067], [15.5, 0.14], [16.5, 0.33], [17.5, 0.82]] },
  { name: 'w1Mag', survey: 'allWise', spreadDex: 0.03, floor: 0.024, crowdingMag: 0.6, nebula: 0.1, found: { halfMag: 17.6, widthMag: 0.17 }, bright: { halfMag: -2.5, widthMag: 0.3 }, errors: [[1, 0.5], [3.5, 0.42], [4.5, 0.25], [5.5, 0.145], [6.5, 0.08], [7.5, 0.027], [8.5, 0.023], [12.5, 0.023], [13.5, 0.025], [14.5, 0.03], [15.5, 0.042], [16.5, 0.085], [17.5, 0.2], [18.5, 0.5]] },
  { name: 'w2Mag', survey: 'allWise', spreadDex: 0.05, floor: 0.028, crowdingMag: 0.5, nebula: 0.1, found: { halfMag: 16.3, widthMag: 0.2 }, bright: { halfMag: -2.5, widthMag: 0.3 }, errors: [[1, 0.5], [2.5, 0.46], [3.5, 0.28], [4.5, 0.12], [5.5, 0.058], [6.5, 0.022], [8.5, 0.02], [11.5, 0.022], [12.5, 0.025], [13.5, 0.034], [14.5, 0.056], [15.5, 0.105], [16.5, 0.25], [17.5, 0.62]] },
  { name: 'w3Mag', survey: 'allWise', spreadDex: 0.1, floor: 0.045, crowdingMag: 0.1, nebula: 1, bright: { halfMag: -4, widthMag: 0.3 }, errors: [[-3, 0.3], [0.5, 0.09], [1.5, 0.024], [2.5, 0.0125], [4.5, 0.0148], [6.5, 0.0168], [7.5, 0.0205], [8.5, 0.027], [9.5, 0.045], [10.5, 0.092], [11.5, 0.21], [12.5, 0.52], [13.5, 1.3]] },
  { name: 'w4Mag', survey: 'allWise', spreadDex: 0.11, floor: 0.057, crowdingMag: 0, nebula: 1, bright: { halfMag: -6, widthMag: 0.3 }, errors: [[-4, 0.1], [0.5, 0.0135], [1.5, 0.016], [2.5, 0.018], [3.5, 0.022], [4.5, 0.027], [5.5, 0.04], [6.5, 0.073], [7.5, 0.165], [8.5, 0.4], [9.5, 1]] },
  { name: 'irac1Mag', survey: 'irac', spreadDex: 0.08, floor: 0.03, crowdingMag: 0.3, nebula: 0.1, found: { halfMag: 18.1, widthMag: 0.17 }, bright: { halfMag: 5.9, widthMag: 0.2 }, errors: [[6, 0.02], [13, 0.02], [14.5, 0.025], [15.5, 0.036], [16.5, 0.065], [17.9, 0.217], [19, 0.6]] },
  { name: 'irac2Mag', survey: 'irac', spreadDex: 0.08, floor: 0.03, crowdingMag: 0.3, nebula: 0.1, found: { halfMag: 17.4, widthMag: 0.17 }, bright: { halfMag: 5.2, widthMag: 0.2 }, errors: [[5, 0.02], [12.5, 0.02], [13.8, 0.025], [14.8, 0.036], [15.8, 0.065], [17.1, 0.217], [18.2, 0.6]] },
  { name: 'irac3Mag', survey: 'irac', spreadDex: 0.08, floor: 0.03, crowdingMag: 0.1, nebula: 0.5, bright: { halfMag: 3.3, widthMag: 0.3 }, errors: [[3, 0.03], [11, 0.03], [12, 0.035], [13, 0.048], [14, 0.085], [15.15, 0.217], [16.2, 0.57]] },
  { name: 'irac4Mag', survey: 'irac', spreadDex: 0.1, floor: 0.03, crowdingMag: 0.1, nebula: 0.8, bright: { halfMag: 3.2, widthMag: 0.3 }, errors: [[3, 0.03], [10.5, 0.03], [11.5, 0.036], [12.5, 0.05], [13.5, 0.092], [14.5, 0.217], [15.5, 0.54]] },
  { name: 'mips24Mag', survey: 'mips24', spreadDex: 0.1, floor: 0.04, crowdingMag: 0, nebula: 0.9, found: { halfMag: 9.3, widthMag: 0.25 }, bright: { halfMag: 0.7, widthMag: 0.3 }, errors: [[0, 0.04], [5, 0.04], [6.5, 0.045], [7.5, 0.07], [8.5, 0.13], [9.1, 0.217], [10, 0.5]] },
  { name: 'ps1GMag', survey: 'panStarrs', spreadDex: 0.08, floor: 0.01, crowdingMag: 0.2, nebula: 0.1, found: { halfMag: 22, widthMag: 0.2 }, bright: { halfMag: 13.6, widthMag: 0.4 }, errors: [[13, 0.005], [14.5, 0.0034], [15.5, 0.0033], [16.5, 0.0036], [17.5, 0.0041], [18.5, 0.0056], [19.5, 0.0094], [20.5, 0.0178], [21.5, 0.032], [22, 0.05], [23, 0.125]] },
  { name: 'ps1RMag', survey: 'panStarrs', spreadDex: 0.08, floor: 0.01, crowdingMag: 0.2, nebula: 0.1, found: { halfMag: 21.8, widthMag: 0.2 }, bright: { halfMag: 13.3, widthMag: 0.35 }, errors: [[13, 0.006], [14.5, 0.003], [16.5, 0.0029], [17.5, 0.0034], [18.5, 0.0047], [19.5, 0.0079], [20.5, 0.015], [21.5, 0.034], [22, 0.053], [23, 0.13]] },
  { name: 'ps1IMag', survey: 'panStarrs', spreadDex: 0.09, floor: 0.01, crowdingMag: 0.2, nebula: 0.1, found: { halfMag: 21.5, widthMag: 0.2 }, bright: { halfMag: 13.9, widthMag: 0.4 }, errors: [[13.5, 0.0071], [14.5, 0.0045], [15.5, 0.0039], [16.5, 0.0043], [17.5, 0.0049], [18.5, 0.0063], [19.5, 0.0095], [20.5, 0.0185], [21.5, 0.044], [22.5, 0.11]] },
  { name: 'ps1ZMag', survey: 'panStarrs', spreadDex: 0.07, floor: 0.01, crowdingMag: 0.2, nebula: 0.1, found: { halfMag: 20.9, widthMag: 0.2 }, bright: { halfMag: 13.0, widthMag: 0.25 }, errors: [[13, 0.005], [14.5, 0.0036], [15.5, 0.0038], [16.5, 0.0043], [17.5, 0.0057], [18.5, 0.0085], [19.5, 0.0165], [20.5, 0.038], [21.5, 0.095]] },
  { name: 'ps1YMag', survey: 'panStarrs', spreadDex: 0.08, floor: 0.01, crowdingMag: 0.2, nebula: 0.1, found: { halfMag: 19.7, widthMag: 0.2 }, bright: { halfMag: 13.0, widthMag: 0.25 }, errors: [[12.5, 0.0041], [14.5, 0.0043], [15.5, 0.0049], [16.5, 0.0068], [17.5, 0.0104], [18.5, 0.0158], [19.5, 0.037], [20.5, 0.092]] },
  { name: 'sdssUMag', survey: 'sdss', spreadDex: 0.1, floor: 0.02, crowdingMag: 0.3, nebula: 0.1, found: { halfMag: 22.4, widthMag: 0.13 }, bright: { halfMag: 12, widthMag: 0.2 }, errors: [[13, 0.0148], [15.5, 0.015], [16.5, 0.0159], [17.5, 0.0178], [18.5, 0.0219], [19.5, 0.0345], [20.5, 0.06], [21.5, 0.13], [22.5, 0.3], [23.5, 0.74]] },
  { name: 'sdssGMag', survey: 'sdss', spreadDex: 0.12, floor: 0.01, crowdingMag: 0.3, nebula: 0.1, found: { halfMag: 22.6, widthMag: 0.13 }, bright: { halfMag: 14, widthMag: 0.2 }, errors: [[13, 0.0165], [17.5, 0.0176], [18.5, 0.0191], [19.5, 0.0204], [20.5, 0.0289], [21.5, 0.0429], [22.2, 0.09], [23.13, 0.217]] },
  { name: 'sdssRMag', survey: 'sdss', spreadDex: 0.12, floor: 0.01, crowdingMag: 0.3, nebula: 0.1, found: { halfMag: 22.6, widthMag: 0.13 }, bright: { halfMag: 14, widthMag: 0.2 }, errors: [[13, 0.0146], [17.5, 0.0148], [18.5, 0.0165], [19.5, 0.0201], [20.5, 0.0321], [21.5, 0.072], [22.7, 0.217]] },
  { name: 'sdssIMag', survey: 'sdss', spreadDex: 0.12, floor: 0.01, crowdingMag: 0.3, nebula: 0.1, found: { halfMag: 21.7, widthMag: 0.13 }, bright: { halfMag: 14, widthMag: 0.2 }, errors: [[13, 0.0149], [17.5, 0.015], [18.5, 0.0175], [19.5, 0.023], [20.5, 0.045], [21.3, 0.095], [22.2, 0.217]] },
  { name: 'sdssZMag', survey: 'sdss', spreadDex: 0.12, floor: 0.01, crowdingMag: 0.3, nebula: 0.1, found: { halfMag: 20.9, widthMag: 0.13 }, bright: { halfMag: 12, widthMag: 0.2 }, errors: [[12, 0.0139], [14.5, 0.0148], [16.5, 0.0171], [17.5, 0.0206], [18.5, 0.031], [19.5, 0.072], [20.71, 0.217]] },
]

/** Names of the observables in the order of every array of this folder. */
export const surveyObservables: readonly string[] = bandRows.map(row => row.name)

/** Softening of SDSS's asinh magnitudes, in units of the flux of magnitude 0 (Lupton+ 1999; Stoughton+ 2002, table 21). */
export const sdssSoftening: readonly number[] = [1.4e-10, 0.9e-10, 1.2e-10, 1.8e-10, 7.4e-10]

/** What is particular to Gaia. */
export const gaiaFacts = {
  /** Share without parallax and motions: solutions of two parameters, from 2% to 92% beyond G 20.55 (Lindegren+ 2021, section 4). */
  noAstrometry: { base: 0.02, rise: 0.9, curve: { halfMag: 20.55, widthMag: 0.25 } },
  /** Share without BP and RP, and within this distance of a brighter star their windows are blended (Riello+ 2021, section 9.3). */
  noBpRp: { base: 0.005, rise: 0.2, curve: { halfMag: 20.6, widthMag: 0.2 }, blendArcsec: 1.75 },
  /** Transits of tiny BP flux are dropped, so faint red stars are too bright in BP (Riello+ 2021, section 8.1): light of this magnitude is added. */
  bpBias: { meanMag: 21.9, sigmaMag: 0.4, endMag: 25 },
  /** A variable star is averaged over this many transits of nine (G) or one (BP, RP) measurements each. */
  transits: 20,
  perTransitG: 9,
  /** RUWE of a single star: median and spread; of the three clusters of DR3 it is 1.00 to 1.06 with 4% to 6%. */
  ruwe: { median: 1.02, sigma: 0.05 },
  /** Error of one along-scan measurement over the parallax error, for some 200 of them: turns a wobble into RUWE. */
  alongScanOverParallax: 7,
  /** Stars with an orbit that Gaia resolves as extra noise, and the range of their RUWE (log-uniform); 10% to 14% of those clusters have RUWE > 1.4. */
  unresolvedOrbits: { share: 0.13, ruwe: [1.25, 14] },
} as const

// Which quantities the star model knows, in the order of its slots.

/** Observables that may be given as tokens, slots 1 to 11 of the encoder. */
export const modelObservables = [
  'parallaxMas',
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

/** Parameters that are diffused; radius and surface gravity follow from them exactly. */
export const modelParameters = [
  'logAgeYr',
  'logMassMsun',
  'fehDex',
  'logTeffK',
  'logLuminosityLsun',
  'avMag',
  'logDistancePc',
] as const

/** Spectra that may be given, a band each: so many tokens after those of the observables. */
export const modelSpectra = ['bpSpectrum', 'rpSpectrum'] as const

export const OBSERVABLE_COUNT = modelObservables.length
export const PARAMETER_COUNT = modelParameters.length
/** Slot 0 holds no quantity: it gathers the star, and is present in every star. */
export const STAR_SLOT = 0
/** Numbers that describe one given token. */
export const FEATURE_COUNT = 8
/** Tokens of one spectrum. */
export const SPECTRUM_SLOTS = 2
/** Numbers that describe one spectrum. */
export const SPECTRUM_FEATURES = SPECTRUM_SLOTS * FEATURE_COUNT
/** The first slot of a spectrum. */
export const SPECTRA_SLOT = 1 + OBSERVABLE_COUNT
/** Slots of a posterior question: the star, its observables and its spectra. */
export const OBSERVED_SLOTS = SPECTRA_SLOT + modelSpectra.length * SPECTRUM_SLOTS
/** Slots when parameters may be given too. */
export const GIVEN_SLOTS = OBSERVED_SLOTS + PARAMETER_COUNT
/** Slots that may be asked: every observable, then every parameter. */
export const ASKED_SLOTS = OBSERVABLE_COUNT + PARAMETER_COUNT

export const DISTANCE_INDEX = modelParameters.indexOf('logDistancePc')

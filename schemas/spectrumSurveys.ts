/** Surveys whose spectra are read, by the names in their records. A further one is a name here, a reader among the streams and an encoder. */
export const spectrumSurveys: readonly string[] = ['gaiaXp', 'apogee', 'sdss', 'boss', 'lamostLrs', 'lamostMrs', 'desi']

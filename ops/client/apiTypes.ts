// Generated from /openapi.json by ops/generateClientTypes.mjs: change the routes of ops/server, not this.

/** Each route: what it takes in the address and the body, and what it answers. */
export interface Routes {
  /** Whether the server can read its log, and its pipeline is well */
  readonly 'GET /health': {
    readonly answer: {
      readonly status: 'ok'
      readonly version: string
      /** Fingerprint of the model in use. */
      readonly model: string | null
      /** Posteriors ever committed. */
      readonly posteriors: number
    }
  }
  /** A star: its sources, its measurements, its newest posterior without the samples */
  readonly 'GET /v1/stars/{id}': {
    readonly path: {
      /** starId, or the id in any survey (Gaia source_id, 2MASS designation, ...), or survey:id */
      readonly id: string
    }
    readonly answer: {
      /** Stable id of the star, derived from the survey and source of its anchor. */
      readonly starId: string
      /** Hash of the content: two stars with one version say the same. */
      readonly version: string
      /** Right ascension, ICRS, at epochJyr, degrees. */
      readonly raDeg: number
      /** Declination, ICRS, at epochJyr, degrees. */
      readonly decDeg: number
      /** Epoch of the position, Julian year. */
      readonly epochJyr: number
      /** The survey sources that were joined. */
      readonly sources: readonly {
        /** The survey. */
        readonly survey: string
        /** Id of the source within it, as text. */
        readonly source: string
        /** anchor, id or position. */
        readonly matchedBy: string
        /** Probability that it is this star; 1 for an anchor. */
        readonly matchProbability: number
        /** Distance from the star at the epoch of the source, arcsec. */
        readonly separationArcsec: number | null
        /** File and row, or topic and offset, it came from. */
        readonly origin: string
      }[]
      /** The measurements in force. */
      readonly measurements: readonly {
        /** Name of the observable; its unit is in the name. */
        readonly quantity: string
        /** Value in the unit of the quantity. */
        readonly value: number
        /** 1-sigma error in the same unit, above zero. */
        readonly err: number
        /** True when the true flux is fainter than the value. */
        readonly isLimit: boolean
        /** The survey that measured it. */
        readonly survey: string
      }[]
      /** True when a joined source could as well belong to another star. */
      readonly isAmbiguous: boolean
      /** Quality flags of the joined sources, survey first. */
      readonly flags: readonly string[]
      /** True when the star was merged away or its sources were withdrawn; it has no posterior. */
      readonly isRetired: boolean
      /** Spectra of the joined sources, by their coefficients. */
      readonly spectra: readonly {
        /** The survey of the spectrum, such as gaiaXp. */
        readonly survey: string
        /** Id of the star within it, as text. */
        readonly source: string
        /** What the survey delivered, such as xpContinuous. */
        readonly product: string
        /** Id of its record in the topic of spectra. */
        readonly spectrumId: string
        /** Base name of the file it came from. */
        readonly file: string
        /** Its row there, from 1; null where the file has none. */
        readonly row: string | null
        /** Its bands; one that was not measured is absent. */
        readonly bands: readonly {
          /** BP or RP. */
          readonly name: string
          /** Id of the set of basis functions. */
          readonly basis: number | null
          /** Coefficients. */
          readonly coefficients: readonly number[]
          /** Their 1-sigma errors, above zero. */
          readonly errors: readonly number[]
        }[]
      }[]
      /** Spectra with pixels that joined the star: of each survey the one with the most signal over noise in all its pixels. */
      readonly pixelSpectra: readonly {
        /** The survey of the spectrum, such as boss. */
        readonly survey: string
        /** Id of the star within it, as text. */
        readonly source: string
        /** What the survey delivered, such as sdssSpec. */
        readonly product: string
        /** Id of its record in the topic of spectra. */
        readonly spectrumId: string
        /** When it was taken, modified Julian date, UTC; null where the file does not say, as of a sum of nights. */
        readonly epochMjd: number | null
        /** Median signal over noise of its pixels that have an error. */
        readonly signalToNoise: number | null
        /** How many pixels have an error. */
        readonly pixelCount: number
        /** id or position. */
        readonly matchedBy: string
        /** Probability that it is of this star. */
        readonly matchProbability: number
        /** Distance from the star at the epoch of its position, arcsec. */
        readonly separationArcsec: number
        /** Base name of the file it came from. */
        readonly file: string
        /** Its row there, from 1; null where the file has none. */
        readonly row: string | null
      }[]
      /** What is believed of one star after seeing one version of it. */
      readonly posterior: {
        /** Hash of star version, model, question and seed: the same work has the same id. */
        readonly posteriorId: string
        /** The star. */
        readonly starId: string
        /** Version of the star record it was made from. */
        readonly starVersion: string
        /** Right ascension, ICRS, degrees. */
        readonly raDeg: number
        /** Declination, ICRS, degrees. */
        readonly decDeg: number
        /** Surveys that were present. */
        readonly surveys: readonly string[]
        /** Observables the model was given. */
        readonly observables: readonly string[]
        /** Fingerprint of the checkpoint. */
        readonly model: string
        /** Seed of the random numbers. */
        readonly seed: string
        /** Samples drawn. */
        readonly sampleCount: number
        /** One per parameter. */
        readonly summaries: readonly {
          /** Name of the parameter. */
          readonly parameter: string
          /** Mean. */
          readonly mean: number
          /** Standard deviation. */
          readonly sd: number
          /** 2.5% quantile. */
          readonly q025: number
          /** 16% quantile. */
          readonly q16: number
          /** Median. */
          readonly q50: number
          /** 84% quantile. */
          readonly q84: number
          /** 97.5% quantile. */
          readonly q975: number
        }[]
        /** Class probabilities under the stated prior; they sum to one. */
        readonly classes: readonly {
          /** Name of the class. */
          readonly name: string
          /** Posterior probability. */
          readonly probability: number
          /** Prior probability it was computed under. */
          readonly prior: number
        }[]
        /** Sum over the young classes. */
        readonly youngProbability: number
        /** Columns of the samples. */
        readonly sampleNames: readonly string[]
        /** Warnings, such as outOfDistribution, unlikeTraining or ambiguousMatch. */
        readonly flags: readonly string[]
        /** Fingerprint of the vocabulary it was made under; empty where it is not known. */
        readonly schemas: string
        /** True where a newer model was asked about what was known already: no news of the star. */
        readonly isReprocessed: boolean
        /** Probability that a star of the training lies as far from the middle of its kind as this one, or farther; null where the model has no measure of it. */
        readonly familiarity: number | null
        /** One per parameter where the samples were corrected for what the network is known to get wrong in stars with these observables; else empty. */
        readonly uncorrected: readonly {
          /** Name of the parameter. */
          readonly parameter: string
          /** Mean. */
          readonly mean: number
          /** Standard deviation. */
          readonly sd: number
          /** 2.5% quantile. */
          readonly q025: number
          /** 16% quantile. */
          readonly q16: number
          /** Median. */
          readonly q50: number
          /** 84% quantile. */
          readonly q84: number
          /** 97.5% quantile. */
          readonly q975: number
        }[]
        /** Ids of the spectra that the model was given, as in the topic of spectra. */
        readonly spectra: readonly string[]
      } | null
    }
  }
  /** The newest posterior, or one of the history, with its samples, as JSON, Arrow, Parquet, VOTable or FITS */
  readonly 'GET /v1/stars/{id}/posterior': {
    readonly path: {
      /** starId, or the id in any survey (Gaia source_id, 2MASS designation, ...), or survey:id */
      readonly id: string
    }
    readonly query: {
      /** overrides the Accept header */
      readonly format?: 'json' | 'arrow' | 'parquet' | 'votable' | 'fits'
      /** of an earlier one in the history (default: the newest) */
      readonly index?: number
    }
    readonly answer: {
      /** Hash of star version, model, question and seed: the same work has the same id. */
      readonly posteriorId: string
      /** The star. */
      readonly starId: string
      /** Version of the star record it was made from. */
      readonly starVersion: string
      /** Right ascension, ICRS, degrees. */
      readonly raDeg: number
      /** Declination, ICRS, degrees. */
      readonly decDeg: number
      /** Surveys that were present. */
      readonly surveys: readonly string[]
      /** Observables the model was given. */
      readonly observables: readonly string[]
      /** Fingerprint of the checkpoint. */
      readonly model: string
      /** Seed of the random numbers. */
      readonly seed: string
      /** Samples drawn. */
      readonly sampleCount: number
      /** One per parameter. */
      readonly summaries: readonly {
        /** Name of the parameter. */
        readonly parameter: string
        /** Mean. */
        readonly mean: number
        /** Standard deviation. */
        readonly sd: number
        /** 2.5% quantile. */
        readonly q025: number
        /** 16% quantile. */
        readonly q16: number
        /** Median. */
        readonly q50: number
        /** 84% quantile. */
        readonly q84: number
        /** 97.5% quantile. */
        readonly q975: number
      }[]
      /** Class probabilities under the stated prior; they sum to one. */
      readonly classes: readonly {
        /** Name of the class. */
        readonly name: string
        /** Posterior probability. */
        readonly probability: number
        /** Prior probability it was computed under. */
        readonly prior: number
      }[]
      /** Sum over the young classes. */
      readonly youngProbability: number
      /** Columns of the samples. */
      readonly sampleNames: readonly string[]
      /** Warnings, such as outOfDistribution, unlikeTraining or ambiguousMatch. */
      readonly flags: readonly string[]
      /** Fingerprint of the vocabulary it was made under; empty where it is not known. */
      readonly schemas: string
      /** True where a newer model was asked about what was known already: no news of the star. */
      readonly isReprocessed: boolean
      /** Probability that a star of the training lies as far from the middle of its kind as this one, or farther; null where the model has no measure of it. */
      readonly familiarity: number | null
      /** One per parameter where the samples were corrected for what the network is known to get wrong in stars with these observables; else empty. */
      readonly uncorrected: readonly {
        /** Name of the parameter. */
        readonly parameter: string
        /** Mean. */
        readonly mean: number
        /** Standard deviation. */
        readonly sd: number
        /** 2.5% quantile. */
        readonly q025: number
        /** 16% quantile. */
        readonly q16: number
        /** Median. */
        readonly q50: number
        /** 84% quantile. */
        readonly q84: number
        /** 97.5% quantile. */
        readonly q975: number
      }[]
      /** Ids of the spectra that the model was given, as in the topic of spectra. */
      readonly spectra: readonly string[]
      /** Samples by quantity. */
      readonly samples: { readonly [name: string]: readonly number[] }
    }
  }
  /** Every posterior of the star, oldest first, without the samples */
  readonly 'GET /v1/stars/{id}/history': {
    readonly path: {
      /** starId, or the id in any survey (Gaia source_id, 2MASS designation, ...), or survey:id */
      readonly id: string
    }
    readonly query: {
      /** index of the last entry that is already known */
      readonly after?: number
      /** entries on a page (default: 100) */
      readonly limit?: number
    }
    readonly answer: {
      /** The star. */
      readonly starId: string
      /** True when another page follows the last index. */
      readonly isMore: boolean
      readonly entries: readonly {
        /** Its place among all posteriors the star had, from 1; the oldest of very many are left out. */
        readonly index: number
        /** What is believed of one star after seeing one version of it. */
        readonly posterior: {
          /** Hash of star version, model, question and seed: the same work has the same id. */
          readonly posteriorId: string
          /** The star. */
          readonly starId: string
          /** Version of the star record it was made from. */
          readonly starVersion: string
          /** Right ascension, ICRS, degrees. */
          readonly raDeg: number
          /** Declination, ICRS, degrees. */
          readonly decDeg: number
          /** Surveys that were present. */
          readonly surveys: readonly string[]
          /** Observables the model was given. */
          readonly observables: readonly string[]
          /** Fingerprint of the checkpoint. */
          readonly model: string
          /** Seed of the random numbers. */
          readonly seed: string
          /** Samples drawn. */
          readonly sampleCount: number
          /** One per parameter. */
          readonly summaries: readonly {
            /** Name of the parameter. */
            readonly parameter: string
            /** Mean. */
            readonly mean: number
            /** Standard deviation. */
            readonly sd: number
            /** 2.5% quantile. */
            readonly q025: number
            /** 16% quantile. */
            readonly q16: number
            /** Median. */
            readonly q50: number
            /** 84% quantile. */
            readonly q84: number
            /** 97.5% quantile. */
            readonly q975: number
          }[]
          /** Class probabilities under the stated prior; they sum to one. */
          readonly classes: readonly {
            /** Name of the class. */
            readonly name: string
            /** Posterior probability. */
            readonly probability: number
            /** Prior probability it was computed under. */
            readonly prior: number
          }[]
          /** Sum over the young classes. */
          readonly youngProbability: number
          /** Columns of the samples. */
          readonly sampleNames: readonly string[]
          /** Warnings, such as outOfDistribution, unlikeTraining or ambiguousMatch. */
          readonly flags: readonly string[]
          /** Fingerprint of the vocabulary it was made under; empty where it is not known. */
          readonly schemas: string
          /** True where a newer model was asked about what was known already: no news of the star. */
          readonly isReprocessed: boolean
          /** Probability that a star of the training lies as far from the middle of its kind as this one, or farther; null where the model has no measure of it. */
          readonly familiarity: number | null
          /** One per parameter where the samples were corrected for what the network is known to get wrong in stars with these observables; else empty. */
          readonly uncorrected: readonly {
            /** Name of the parameter. */
            readonly parameter: string
            /** Mean. */
            readonly mean: number
            /** Standard deviation. */
            readonly sd: number
            /** 2.5% quantile. */
            readonly q025: number
            /** 16% quantile. */
            readonly q16: number
            /** Median. */
            readonly q50: number
            /** 84% quantile. */
            readonly q84: number
            /** 97.5% quantile. */
            readonly q975: number
          }[]
          /** Ids of the spectra that the model was given, as in the topic of spectra. */
          readonly spectra: readonly string[]
        }
      }[]
    }
  }
  /** The spectra of the star in pixels: of each survey the one in force */
  readonly 'GET /v1/stars/{id}/spectra': {
    readonly path: {
      /** starId, or the id in any survey (Gaia source_id, 2MASS designation, ...), or survey:id */
      readonly id: string
    }
    readonly query: {
      /** about how many of each spectrum; of more, neighbours are averaged by their inverse variances (default: 2000) */
      readonly pixels?: number
    }
    readonly answer: {
      /** The star. */
      readonly starId: string
      readonly spectra: readonly {
        /** The survey of the spectrum, such as boss. */
        readonly survey: string
        /** What the survey delivered, such as sdssSpec. */
        readonly product: string
        /** Id of the star within the survey. */
        readonly source: string
        /** Id of its record in the topic of spectra. */
        readonly spectrumId: string
        /** Base name of the file it came from. */
        readonly file: string
        /** When it was taken, modified Julian date, UTC; null where the file does not say. */
        readonly epochMjd: number | null
        /** Median signal over noise of its pixels as delivered. */
        readonly signalToNoise: number | null
        /** Probability that it is of this star; null where the survey's own id says so. */
        readonly matchProbability: number | null
        readonly segments: readonly {
          /** Chip, arm or kind of sum. */
          readonly name: string
          /** Of the wavelengths: vacuum or air. */
          readonly medium: string
          /** Unit of flux and sigma; empty where they have none. */
          readonly fluxUnit: string
          /** absolute, relative (the level means nothing) or normalised (to the continuum). */
          readonly fluxScale: string
          /** Pixels as the survey delivered them. */
          readonly pixelCount: number
          /** How many neighbouring pixels each is the mean of. */
          readonly binnedBy: number
          /** Wavelength of each pixel, nm, in the order of the file. */
          readonly wavelengthNm: readonly number[]
          /** Flux of each pixel; null where it is masked. */
          readonly flux: readonly (number | null)[]
          /** Its error, 1 sigma; null where the flux is, and where none is known. */
          readonly sigma: readonly (number | null)[]
        }[]
      }[]
    }
  }
  /** Stars by place, in an order, in pages */
  readonly 'GET /v1/stars': {
    readonly query: {
      /** conditions joined by `and`, such as `young > 0.9 and median(av) < 1 mag`; empty for all stars */
      readonly where?: string
      /** ra,dec,radius in degrees: stars not farther than the radius */
      readonly cone?: string
      /** raMin,raMax,decMin,decMax in degrees; through 0 where raMin is the larger */
      readonly box?: string
      /** one of youngProbability, raDeg, decDeg, gMag, bpRpMag, youngDisk, youngDiskless, mainSequence, giant, logAgeYr, logMassMsun, fehDex, logTeffK, logLuminosityLsun, avMag, logDistancePc, logRadiusRsun, loggDex, with - before it for the largest first; a parameter stands for its median (default: -youngProbability) */
      readonly sort?: string
      /** stars on a page (default: 100) */
      readonly limit?: number
      /** `next` of the page before */
      readonly after?: string
      /** overrides the Accept header */
      readonly format?: 'json' | 'votable' | 'csv'
    }
    readonly answer: {
      /** Stars on all pages together. */
      readonly total: number
      /** True where a condition on samples was asked of 1000 stars at most, and only those are counted. */
      readonly isPartial: boolean
      /** True when another page follows. */
      readonly isMore: boolean
      /** What to give as `after` for the next page. */
      readonly next: string | null
      readonly stars: readonly {
        /** The star. */
        readonly starId: string
        /** Its newest posterior. */
        readonly posteriorId: string
        /** Right ascension, ICRS, degrees. */
        readonly raDeg: number
        /** Declination, ICRS, degrees. */
        readonly decDeg: number
        /** Sum over the young classes. */
        readonly youngProbability: number
        /** The most probable class. */
        readonly className: 'youngDisk' | 'youngDiskless' | 'mainSequence' | 'giant'
        /** Probability of each class. */
        readonly classes: {
          /** Probability of youngDisk. */
          readonly youngDisk: number
          /** Probability of youngDiskless. */
          readonly youngDiskless: number
          /** Probability of mainSequence. */
          readonly mainSequence: number
          /** Probability of giant. */
          readonly giant: number
        }
        /** Surveys that were present. */
        readonly surveys: readonly string[]
        /** Warnings, such as outOfDistribution. */
        readonly flags: readonly string[]
        /** Quantiles by parameter, in the unit of its name. */
        readonly summaries: {
          readonly logAgeYr?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly logMassMsun?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly fehDex?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly logTeffK?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly logLuminosityLsun?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly avMag?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly logDistancePc?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly logRadiusRsun?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly loggDex?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
        }
        /** Gaia G, Vega. */
        readonly gMag: number | null
        /** Gaia BP - RP, Vega. */
        readonly bpRpMag: number | null
      }[]
    }
  }
  /** Many stars as an Arrow file: place, class, medians, magnitudes */
  readonly 'GET /v1/sky': {
    readonly query: {
      /** conditions joined by `and`, such as `young > 0.9 and median(av) < 1 mag`; empty for all stars */
      readonly where?: string
      /** ra,dec,radius in degrees: stars not farther than the radius */
      readonly cone?: string
      /** raMin,raMax,decMin,decMax in degrees; through 0 where raMin is the larger */
      readonly box?: string
      /** stars at most; of more, a fair sample comes, always the same (default: 1000000) */
      readonly limit?: number
    }
    readonly answer: Uint8Array
  }
  /** What a filter would let through of the stars that are known */
  readonly 'POST /v1/filters/preview': {
    readonly body: {
      /** conditions joined by `and`, such as `young > 0.9 and median(av) < 1 mag`; empty for all stars */
      readonly where?: string
      /** a region as an ASCII or JSON MOC, ICRS */
      readonly moc?: string | null
      /** ids as any survey writes them */
      readonly watchlist?: readonly string[]
    }
    readonly answer: {
      /** Stars that are known. */
      readonly total: number
      /** Those that the filter lets through. */
      readonly matched: number
      /** True where a condition on samples was asked of 1000 stars at most, and only those are counted. */
      readonly isPartial: boolean
      /** The first 20, the most probably young ones. */
      readonly stars: readonly {
        /** The star. */
        readonly starId: string
        /** Its newest posterior. */
        readonly posteriorId: string
        /** Right ascension, ICRS, degrees. */
        readonly raDeg: number
        /** Declination, ICRS, degrees. */
        readonly decDeg: number
        /** Sum over the young classes. */
        readonly youngProbability: number
        /** The most probable class. */
        readonly className: 'youngDisk' | 'youngDiskless' | 'mainSequence' | 'giant'
        /** Probability of each class. */
        readonly classes: {
          /** Probability of youngDisk. */
          readonly youngDisk: number
          /** Probability of youngDiskless. */
          readonly youngDiskless: number
          /** Probability of mainSequence. */
          readonly mainSequence: number
          /** Probability of giant. */
          readonly giant: number
        }
        /** Surveys that were present. */
        readonly surveys: readonly string[]
        /** Warnings, such as outOfDistribution. */
        readonly flags: readonly string[]
        /** Quantiles by parameter, in the unit of its name. */
        readonly summaries: {
          readonly logAgeYr?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly logMassMsun?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly fehDex?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly logTeffK?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly logLuminosityLsun?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly avMag?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly logDistancePc?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly logRadiusRsun?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
          readonly loggDex?: {
            /** q16 of the marginal posterior */
            readonly q16: number
            /** q50 of the marginal posterior */
            readonly q50: number
            /** q84 of the marginal posterior */
            readonly q84: number
          }
        }
        /** Gaia G, Vega. */
        readonly gMag: number | null
        /** Gaia BP - RP, Vega. */
        readonly bpRpMag: number | null
      }[]
    }
  }
  /** IVOA Simple Cone Search 1.03 */
  readonly 'GET /v1/conesearch': {
    readonly query: {
      /** right ascension, ICRS, degrees */
      readonly RA: string
      /** declination, ICRS, degrees */
      readonly DEC: string
      /** radius, degrees; 0 asks for the columns alone */
      readonly SR: string
      /** 1 for ids and places, 2 (default) for medians too, 3 for all columns */
      readonly VERB?: string
    }
    readonly answer: string
  }
  /** Any question of the star: what is asked, what is given beside its measurements */
  readonly 'POST /v1/stars/{id}/ask': {
    readonly path: {
      /** starId, or the id in any survey (Gaia source_id, 2MASS designation, ...), or survey:id */
      readonly id: string
    }
    readonly body: {
      /** what is asked, separated by commas: logAge, massMsun, WISE, parameters */
      readonly for: string
      /** name=value, name=value±error, name<value, name>value or low<name<high, separated by commas */
      readonly given?: string
      /** name=value±error or low<name<high, in the place of the model's own prior of that parameter */
      readonly prior?: string
      /** measurements to leave out: surveys or bands, separated by commas */
      readonly without?: string
      /** how many (default: 256) */
      readonly samples?: number
      /** of the random numbers (default: 1) */
      readonly seed?: string
      /** by tokens where the posterior head could answer too */
      readonly byTokens?: boolean
      /** whether the samples come with the answer */
      readonly withSamples?: boolean
    }
    readonly answer: {
      /** The star. */
      readonly star: string
      /** What the question gave. */
      readonly given: readonly string[]
      /** Measurements that the model was told. */
      readonly observables: readonly string[]
      /** Fingerprint of the model. */
      readonly model: string
      /** Which part of the model answered. */
      readonly drawnBy: 'posteriorHead' | 'tokens'
      /** Samples of the answer. */
      readonly sampleCount: number
      /** Seed of the random numbers. */
      readonly seed: string
      /** Draws that were weighed by the conditions. */
      readonly drawCount: number
      /** How many equal draws the weighed ones are worth. */
      readonly effectiveCount: number
      /** Probability of the bounds, where there are only bounds. */
      readonly conditionProbability: number | null
      /** Warnings. */
      readonly flags: readonly string[]
      readonly answers: readonly {
        /** What was asked. */
        readonly name: string
        /** Its unit. */
        readonly unit: string
        /** mean of the samples */
        readonly mean: number
        /** sd of the samples */
        readonly sd: number
        /** q025 of the samples */
        readonly q025: number
        /** q16 of the samples */
        readonly q16: number
        /** q50 of the samples */
        readonly q50: number
        /** q84 of the samples */
        readonly q84: number
        /** q975 of the samples */
        readonly q975: number
      }[]
      /** Samples by name, where they were asked for. */
      readonly samples?: { readonly [name: string]: readonly number[] }
    }
  }
  /** Any question of a star that only the question tells of */
  readonly 'POST /v1/ask': {
    readonly body: {
      /** what is asked, separated by commas: logAge, massMsun, WISE, parameters */
      readonly for: string
      /** name=value, name=value±error, name<value, name>value or low<name<high, separated by commas */
      readonly given?: string
      /** name=value±error or low<name<high, in the place of the model's own prior of that parameter */
      readonly prior?: string
      /** measurements to leave out: surveys or bands, separated by commas */
      readonly without?: string
      /** how many (default: 256) */
      readonly samples?: number
      /** of the random numbers (default: 1) */
      readonly seed?: string
      /** by tokens where the posterior head could answer too */
      readonly byTokens?: boolean
      /** whether the samples come with the answer */
      readonly withSamples?: boolean
    }
    readonly answer: {
      /** The star. */
      readonly star: string
      /** What the question gave. */
      readonly given: readonly string[]
      /** Measurements that the model was told. */
      readonly observables: readonly string[]
      /** Fingerprint of the model. */
      readonly model: string
      /** Which part of the model answered. */
      readonly drawnBy: 'posteriorHead' | 'tokens'
      /** Samples of the answer. */
      readonly sampleCount: number
      /** Seed of the random numbers. */
      readonly seed: string
      /** Draws that were weighed by the conditions. */
      readonly drawCount: number
      /** How many equal draws the weighed ones are worth. */
      readonly effectiveCount: number
      /** Probability of the bounds, where there are only bounds. */
      readonly conditionProbability: number | null
      /** Warnings. */
      readonly flags: readonly string[]
      readonly answers: readonly {
        /** What was asked. */
        readonly name: string
        /** Its unit. */
        readonly unit: string
        /** mean of the samples */
        readonly mean: number
        /** sd of the samples */
        readonly sd: number
        /** q025 of the samples */
        readonly q025: number
        /** q16 of the samples */
        readonly q16: number
        /** q50 of the samples */
        readonly q50: number
        /** q84 of the samples */
        readonly q84: number
        /** q975 of the samples */
        readonly q975: number
      }[]
      /** Samples by name, where they were asked for. */
      readonly samples?: { readonly [name: string]: readonly number[] }
    }
  }
  /** One SELECT over the newest snapshot of the stars */
  readonly 'POST /v1/sql': {
    readonly query: {
      /** overrides the Accept header */
      readonly format?: 'json' | 'arrow' | 'parquet' | 'votable' | 'csv'
    }
    readonly body: {
      /** one SELECT of DuckDB over the table stars and cone(ra, dec, radius), in degrees */
      readonly query: string
      /** rows at most (default: 1000) */
      readonly limit?: number
      /** after which the query is stopped (default: 10) */
      readonly seconds?: number
    }
    readonly answer: {
      /** As of when the stars are, ISO 8601. */
      readonly madeAt: string
      readonly columns: readonly {
        /** As the query calls it. */
        readonly name: string
        /** As DuckDB calls it. */
        readonly type: string
      }[]
      /** Cells in the order of the columns; 64-bit integers are texts, NaN is null. */
      readonly rows: readonly (readonly unknown[])[]
      /** True when there are more rows than the limit. */
      readonly isMore: boolean
    }
  }
  /** What can be subscribed to */
  readonly 'GET /v1/classes': {
    readonly answer: {
      readonly classes: readonly string[]
    }
  }
  /** Posteriors of a class as server-sent events, as they are committed */
  readonly 'GET /v1/classes/{className}/stream': {
    readonly path: {
      /** one of young, youngDisk, youngDiskless, mainSequence, giant */
      readonly className: string
    }
    readonly query: {
      /** smallest probability of the class, from 0 to 1 (default: 0.5) */
      readonly above?: string
      /** earliest, latest, or the id of an event (default: latest) */
      readonly from?: string
    }
    readonly answer: string
  }
  /** Save a filter, and be told of its stars from now on */
  readonly 'POST /v1/subscriptions': {
    readonly body: {
      /** what people call it; taken once */
      readonly name: string
      /** conditions joined by `and`, such as `young > 0.9 and median(av) < 1 mag`; empty for all stars */
      readonly where?: string
      /** a region as an ASCII or JSON MOC, ICRS */
      readonly moc?: string | null
      /** ids as any survey writes them */
      readonly watchlist?: readonly string[]
    }
    readonly answer: {
      /** given once and never again */
      readonly id: string
      /** what people call it; taken once */
      readonly name: string
      /** conditions joined by `and`, such as `young > 0.9 and median(av) < 1 mag`; empty for all stars */
      readonly where: string
      /** a region as an ASCII or JSON MOC, ICRS */
      readonly moc: string | null
      /** ids as any survey writes them */
      readonly watchlist: readonly string[]
      /** topic of its events; keys begin with the id */
      readonly topic: string
      /** its event stream */
      readonly eventsUrl: string
      /** when it was saved, milliseconds since 1970 */
      readonly createdMs: number
    }
  }
  /** All saved filters, the oldest first */
  readonly 'GET /v1/subscriptions': {
    readonly answer: {
      readonly subscriptions: readonly {
        /** given once and never again */
        readonly id: string
        /** what people call it; taken once */
        readonly name: string
        /** conditions joined by `and`, such as `young > 0.9 and median(av) < 1 mag`; empty for all stars */
        readonly where: string
        /** a region as an ASCII or JSON MOC, ICRS */
        readonly moc: string | null
        /** ids as any survey writes them */
        readonly watchlist: readonly string[]
        /** topic of its events; keys begin with the id */
        readonly topic: string
        /** its event stream */
        readonly eventsUrl: string
        /** when it was saved, milliseconds since 1970 */
        readonly createdMs: number
      }[]
    }
  }
  /** A saved filter */
  readonly 'GET /v1/subscriptions/{id}': {
    readonly path: {
      /** id of the subscription */
      readonly id: string
    }
    readonly answer: {
      /** given once and never again */
      readonly id: string
      /** what people call it; taken once */
      readonly name: string
      /** conditions joined by `and`, such as `young > 0.9 and median(av) < 1 mag`; empty for all stars */
      readonly where: string
      /** a region as an ASCII or JSON MOC, ICRS */
      readonly moc: string | null
      /** ids as any survey writes them */
      readonly watchlist: readonly string[]
      /** topic of its events; keys begin with the id */
      readonly topic: string
      /** its event stream */
      readonly eventsUrl: string
      /** when it was saved, milliseconds since 1970 */
      readonly createdMs: number
    }
  }
  /** End a subscription */
  readonly 'DELETE /v1/subscriptions/{id}': {
    readonly path: {
      /** id of the subscription */
      readonly id: string
    }
    readonly answer: null
  }
  /** Stars that enter a filter, are updated in it, or leave it, as server-sent events */
  readonly 'GET /v1/subscriptions/{id}/events': {
    readonly path: {
      /** id of the subscription */
      readonly id: string
    }
    readonly query: {
      /** earliest, latest, or the id of an event (default: latest) */
      readonly from?: string
    }
    readonly answer: string
  }
  /** The pipeline as it stands: what waits at each stage, topics, rates, deliveries, heartbeats */
  readonly 'GET /v1/status': {
    readonly answer: { readonly [name: string]: unknown }
  }
  /** Refused records with their reasons, the newest first */
  readonly 'GET /v1/dead-letters': {
    readonly query: {
      /** those that were put back or set aside too (default: false) */
      readonly all?: boolean
      /** how many (default: 200) */
      readonly limit?: number
    }
    readonly answer: {
      /** How many there are, shown or not. */
      readonly total: number
      readonly letters: readonly { readonly [name: string]: unknown }[]
    }
  }
  /** Puts refused records back onto their way, each once */
  readonly 'POST /v1/dead-letters/redrive': {
    readonly body: {
      readonly ids: readonly string[]
    }
    readonly answer: {
      /** Records put back. */
      readonly redriven: number
      /** Those that only a new delivery of their file helps. */
      readonly skipped: number
    }
  }
  /** Every quantity that is measured or inferred, with its unit */
  readonly 'GET /v1/quantities': {
    readonly answer: {
      readonly quantities: readonly {
        /** As in records, its unit at the end. */
        readonly name: string
        readonly role: 'observable' | 'parameter' | 'derived'
        /** Of its values. */
        readonly unit: string
        /** As papers write it. */
        readonly symbol: string
        /** What it is. */
        readonly description: string
        /** Of a magnitude: pivot wavelength, and the flux density of magnitude zero. */
        readonly band: {
          readonly pivotUm: number
          readonly zeroPointJy: number
        } | null
      }[]
    }
  }
  /** The model that comes with birthline and those that were published, and which is in force */
  readonly 'GET /v1/models': {
    readonly answer: {
      /** Fingerprint of the model in force. */
      readonly inForce: string | null
      readonly models: readonly {
        /** Its name; shipped comes with birthline. */
        readonly name: string
        /** Its fingerprint, which every posterior of it carries. */
        readonly model: string
        /** When it was published, ISO 8601. */
        readonly publishedAt: string | null
        /** Seed of its training, where its card tells it. */
        readonly seed: number | null
        /** Whether it answers now. */
        readonly isInForce: boolean
        /** Whether its calibration is at hand. */
        readonly hasCalibration: boolean
      }[]
    }
  }
  /** Coverage and reliability of a model on simulated stars, for each pattern of missing data */
  readonly 'GET /v1/model/calibration': {
    readonly query: {
      /** its fingerprint (default: the model in force) */
      readonly model?: string
    }
    readonly answer: { readonly [name: string]: unknown }
  }
  /** How well a classifier tells simulated stars from real ones: the domain gap */
  readonly 'GET /v1/model/gap': {
    readonly answer: {
      /** What makes the report again. */
      readonly command: string
      readonly populations: readonly {
        /** The population. */
        readonly title: string
        /** Whether its stars are young. */
        readonly isYoung: boolean
        /** Where the real stars are from. */
        readonly reference: string
        readonly gaps: readonly {
          /** The surveys that are compared. */
          readonly surveys: string
          /** Stars of each side. */
          readonly starCount: number
          /** Of the classifier by colours alone: 0.5 is no gap, 1 one that shows in every star. */
          readonly accuracy: number
          /** Standard deviation of it over seeds. */
          readonly spread: number
          /** With the apparent magnitude too. */
          readonly accuracyWithMagnitude: number
          readonly separator: {
            /** The feature that differs most by itself. */
            readonly feature: string
            /** Simulated less real, mag. */
            readonly medianShiftMag: number
          }
        }[]
      }[]
    }
  }
}

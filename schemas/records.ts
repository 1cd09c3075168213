// Generated from schemas/records/*.avsc by ops/generateRecords.mjs: edit those, not this.

/** A record that was refused, with the reason. */
export interface DeadLetter {
  /** Hash of step, origin and bytes: the same refusal has the same id. */
  readonly deadLetterId: string
  /** Actor that refused it. */
  readonly step: string
  /** Error code. */
  readonly code: string
  /** One sentence: what, where, what to do. */
  readonly reason: string
  /** File and row, or topic, partition and offset. */
  readonly origin: string
  /** Topic it is put back on by a re-drive; empty where there is none. */
  readonly topic: string
  /** Its key there. */
  readonly key: string | null
  /** The record as it came; of a table row above 1 MiB the first 64 KiB, with size and hash in the reason. */
  readonly bytes: Uint8Array
  /** True in a mark: a record that takes this id off the list of what waits. */
  readonly isRedriven: boolean
  /** In a mark, why: redriven or closed; empty in a letter, and in marks of version 1.0, which were re-drives. */
  readonly outcome?: string
  /** Of a spectrum or a file of spectra where it was read from, so that a re-drive can read it again; null for all else. */
  readonly file?: LetterFile | null
}

/** A file that something was refused from. */
export interface LetterFile {
  /** Its place on the machine that read it. */
  readonly path: string
  /** SHA-256 of the file. */
  readonly sha256: string
  /** fits, csv, tsv, ecsv, votable or parquet; empty where it is not known. */
  readonly format: string
  /** The row that the bytes are of, or the first of its rows; null where they are of no row. */
  readonly row: bigint | null
  /** Order of delivery that its spectrum is to have: number of the delivery and of the spectrum in the file, 0 of the file itself. */
  readonly revision: bigint
}

/** How far a file has been taken in; written in the same transaction as its rows. */
export interface Delivery {
  /** Hash of the file's content, its survey and its column map. */
  readonly fingerprint: string
  /** Base name of the file when it was first delivered. */
  readonly file: string
  /** The survey it is read with. */
  readonly survey: string
  /** Deliveries are numbered from 1 in the order in which they began. */
  readonly ordinal: bigint
  /** The row that comes next; the first is 1. */
  readonly nextRow: bigint
  /** Rows taken in so far. */
  readonly rowCount: bigint
  /** Rows refused so far because they cannot be read as rows. */
  readonly badRowCount: bigint
  /** True once the whole file is in. */
  readonly isComplete: boolean
  /** Hash of the table's content alone, the same under every survey and column map; empty where it is not known. */
  readonly content?: string
  /** Place, size, inode and times of the file when it was hashed last; while they stay, it is not hashed again; empty where they could not be trusted. */
  readonly stamp?: string
  /** Where the row that comes next begins in the file; null where a file is not read by bytes. */
  readonly nextByte?: bigint | null
  /** The line that it begins on; the first is 1. */
  readonly nextLine?: bigint
  /** No row of it lies before this offset of the topic raw; null where it is not known. */
  readonly rawStart?: bigint | null
  /** begun once it is being taken back, done when all of it was; empty before. */
  readonly rollback?: string
  /** Up to this offset of the topic raw its rows were taken back; null where it is not known. */
  readonly rollbackOffset?: bigint | null
  /** The offset of the topic raw where taking back ends; null where it is not known. */
  readonly rollbackEnd?: bigint | null
}

/** What became of the rows of one delivery, as ingest decided it. */
export interface DeliveryTally {
  /** Rows of sources that nothing was in force of. */
  readonly newCount: bigint
  /** Rows that took the place of what was in force. */
  readonly changedCount: bigint
  /** Rows that say what was in force already. */
  readonly unchangedCount: bigint
  /** Rows that a newer release or a later delivery stood against already. */
  readonly supersededCount: bigint
  /** Rows that became dead letters, each time they did. */
  readonly refusedCount: bigint
  /** Sources of it that went back to an earlier row when it was taken back. */
  readonly restoredCount: bigint
  /** Sources of it of which nothing was in force any more when it was taken back. */
  readonly withdrawnCount: bigint
}

/** State of the fusion: the observations in force in one small patch of sky, as one sky region sees it. */
export interface FuseChange {
  /** Nested HEALPix cell of order 6 whose fusion holds it. */
  readonly region: bigint
  /** Nested HEALPix cell of order 13 that the observations fall into. */
  readonly patch: bigint
  /** Observation records without their extra columns. */
  readonly observations: readonly Uint8Array[]
  /** The turn of each observation; empty from before turns were counted. */
  readonly turns?: readonly bigint[]
  /** The spectrum record of each observation, as sightings bring it, or no bytes; empty where none has a spectrum. */
  readonly spectra?: readonly Uint8Array[]
}

/** Something is missing that ought to follow on: heartbeats of a process, or records that were not read. */
export interface Gap {
  /** stoodStill: the process did not run; unwritten: the log took no heartbeat; offsetLost: a group was told that records are gone; unread: records of a newer birthline were passed over. */
  readonly kind: string
  /** The process that tells it. */
  readonly process: string
  /** Since when, milliseconds since 1970. */
  readonly fromMs: bigint
  /** Until when, milliseconds since 1970; the same where it was one moment. */
  readonly toMs: bigint
  /** Heartbeats that are missing, or records that were not read; 0 where that is not known. */
  readonly count: bigint
  /** Topic of the records; null for heartbeats. */
  readonly topic: string | null
  /** Their partition. */
  readonly partition: number | null
  /** The first of their offsets, in the log that this was first written to. */
  readonly fromOffset: bigint | null
  /** One past the last; all between are missing where the kind is offsetLost, and count of them where it is unread. */
  readonly toOffset: bigint | null
  /** A sentence for people. */
  readonly what: string
}

/** A sign of life of one process that runs the pipeline, once a second. */
export interface Heartbeat {
  /** The process: its machine and place, on Kafka its transactional id. One that is started again in its place has the same. */
  readonly process: string
  /** When it began, milliseconds since 1970. */
  readonly startedMs: bigint
  /** Counted from 0 for each start, one a second; a number that is left out is a gap, and told in the topic of gaps. */
  readonly sequence: bigint
  /** When this was written, milliseconds since 1970 by the clock of the process. */
  readonly atMs: bigint
  /** True in the last one of a process that ends in order. */
  readonly isLast: boolean
  /** Fingerprint of the model it infers with. */
  readonly model: string
  /** How far each group is behind in each topic that it reads, over all processes. */
  readonly lags: readonly GroupLag[]
  /** What each stage of this process did since it began; a stage that did nothing yet is absent. */
  readonly stages: readonly StageCount[]
  /** What became of the probe that was last decided: right, wrong, late or lost; null where none was. */
  readonly probeOutcome: string | null
  /** When that probe was sent, milliseconds since 1970. */
  readonly probeSentMs: bigint | null
  /** From its row in the log to its published posterior, milliseconds; null where that was not seen. */
  readonly probeLatencyMs: number | null
}

/** Of one group in one topic. */
export interface GroupLag {
  /** The group. */
  readonly group: string
  /** The topic. */
  readonly topic: string
  /** Records that it has not consumed yet. */
  readonly records: bigint
}

/** Of one stage. */
export interface StageCount {
  /** The stage. */
  readonly stage: string
  /** Records it consumed. */
  readonly consumed: bigint
  /** Records it emitted. */
  readonly emitted: bigint
  /** Records it refused. */
  readonly refused: bigint
}

/** One source of one survey release, in common units. What the survey did not measure is absent. */
export interface Observation {
  /** Name of the survey file, such as gaiaDr3. */
  readonly survey: string
  /** Id of the source within the survey, as text; 64-bit ids in full. */
  readonly source: string
  /** The same id where it is a 64-bit integer. */
  readonly sourceId: bigint | null
  /** Release order within the survey's family: a higher rank supersedes a lower one. */
  readonly releaseRank: number
  /** Order of delivery of this source within its release; a later one supersedes an earlier one. */
  readonly revision: bigint
  /** Right ascension, ICRS, at epochJyr, degrees. */
  readonly raDeg: number
  /** Declination, ICRS, at epochJyr, degrees. */
  readonly decDeg: number
  /** Circular 1-sigma position error, arcsec. */
  readonly positionErrArcsec: number
  /** Epoch of the position, Julian year. */
  readonly epochJyr: number
  /** Nested HEALPix cell of the position at the epoch J2016.0, order 9. */
  readonly cell: bigint
  /** What was measured. */
  readonly measurements: readonly Measurement[]
  /** Ids that this survey gives for the same source in other surveys. */
  readonly links: readonly Link[]
  /** Quality flags that were raised, such as w3Mag:contaminated. */
  readonly flags: readonly string[]
  /** File and row, or topic and offset, it came from. */
  readonly origin: string
  /** Columns the survey file does not name, kept as delivered. */
  readonly extra: { readonly [key: string]: string }
}

/** One measured quantity. */
export interface Measurement {
  /** Name of the observable; its unit is in the name. */
  readonly quantity: string
  /** Value in the unit of the quantity. */
  readonly value: number
  /** 1-sigma error in the same unit, survey floor included, above zero. */
  readonly err: number
  /** True when the true flux is fainter than the value. */
  readonly isLimit: boolean
}

/** An id in another survey. */
export interface Link {
  /** The other survey. */
  readonly survey: string
  /** Id there, as text. */
  readonly source: string
}

/** Pixels of one spectrum as a model is given them: as delivered, fluxes and errors in 32 bits, without masks. */
export interface Pixels {
  /** Pieces of the spectrum, one for each chip or arm. */
  readonly segments: readonly PixelSegment[]
}

/** Pixels of one chip or arm, in the order of the file. */
export interface PixelSegment {
  /** Chip, arm or kind of sum. */
  readonly name: string
  /** vacuum or air. */
  readonly medium: string
  /** Angstrom or nm. */
  readonly wavelengthUnit: string
  /** linear, or log10 where the numbers are logarithms of wavelengths. */
  readonly wavelengthScale: string
  /** Wavelength of each pixel, or its logarithm; empty where wavelengthLaw tells. */
  readonly wavelengths: readonly number[]
  /** Wavelength of pixel i, counted from 0, is start + step * i, or its logarithm is; null where a table tells. */
  readonly wavelengthLaw: PixelLaw | null
  /** Unit of the fluxes; empty where they have none. */
  readonly fluxUnit: string
  /** absolute, relative (the level means nothing) or normalised (to the continuum). */
  readonly fluxScale: string
  /** Flux of each pixel; null where the survey has no number. */
  readonly fluxes: readonly (number | null)[]
  /** Inverse variance of each flux in one over the square of fluxUnit; 0 for a pixel that says nothing. */
  readonly ivars: readonly number[]
}

/** Wavelengths, or their logarithms, at even steps. */
export interface PixelLaw {
  /** Of the first pixel. */
  readonly start: number
  /** From pixel to pixel. */
  readonly step: number
}

/** What is believed of one star after seeing one version of it. */
export interface Posterior {
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
  readonly seed: bigint
  /** Samples drawn. */
  readonly sampleCount: number
  /** One per parameter. */
  readonly summaries: readonly Summary[]
  /** Class probabilities under the stated prior; they sum to one. */
  readonly classes: readonly ClassProbability[]
  /** Sum over the young classes. */
  readonly youngProbability: number
  /** Columns of the samples. */
  readonly sampleNames: readonly string[]
  /** Empty: samplesTopic says where they are. Records before 1.2 hold them here, float32 little endian, one column after another. */
  readonly samples: Uint8Array
  /** Warnings, such as outOfDistribution, unlikeTraining or ambiguousMatch. */
  readonly flags: readonly string[]
  /** Fingerprint of the vocabulary it was made under; empty where it is not known. */
  readonly schemas?: string
  /** Topic that holds the samples, keyed by posteriorId; empty where they are in this record. */
  readonly samplesTopic?: string
  /** True where a newer model was asked about what was known already: no news of the star. */
  readonly isReprocessed?: boolean
  /** Probability that a star of the training lies as far from the middle of its kind as this one, or farther; null where the model has no measure of it. */
  readonly familiarity?: number | null
  /** One per parameter where the samples were corrected for what the network is known to get wrong in stars with these observables; else empty. */
  readonly uncorrected?: readonly UncorrectedSummary[]
  /** Ids of the spectra that the model was given, as in the topic of spectra. */
  readonly spectra?: readonly string[]
}

/** Marginal posterior of one parameter, in the unit of its name. */
export interface Summary {
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
}

/** One class. */
export interface ClassProbability {
  /** Name of the class. */
  readonly name: string
  /** Posterior probability. */
  readonly probability: number
  /** Prior probability it was computed under. */
  readonly prior: number
}

/** Marginal posterior of one parameter as the network drew it, in the unit of its name. */
export interface UncorrectedSummary {
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
}

/** Where the posteriors of a star lie in the topic of posteriors, the oldest first, and where else its newest one was published. */
export interface PosteriorPlaces {
  /** Partition that holds all of them. */
  readonly partition: number
  /** Offsets of the newest of them in it, rising. */
  readonly offsets: readonly bigint[]
  /** How many older ones are not listed; they lie before those that are. */
  readonly leftOut?: number
  /** Topics of classes that hold the newest. */
  readonly bands?: readonly string[]
}

/** One row of a survey's table, cells as delivered. */
export interface RawRow {
  /** Name of the survey file it is read with. */
  readonly survey: string
  /** Base name of the file. */
  readonly file: string
  /** Row of the table, the first is 1. */
  readonly row: bigint
  /** Order of delivery: a later ingest of the same source supersedes an earlier one. */
  readonly revision: bigint
  /** Column name to text; empty and null cells are absent. */
  readonly cells: { readonly [key: string]: string }
  /** In a record of a rollback, the number of the delivery that is taken back: the row comes into force again, or is withdrawn where it is of that delivery itself; 0 in a delivered row. */
  readonly takesBack?: bigint
  /** In a record of a rollback, the turn of the source that it was decided on; it has no effect on any other. */
  readonly turn?: bigint
}

/** The model whose posteriors are in force in a log. */
export interface ServingModel {
  /** Fingerprint of its checkpoint. */
  readonly model: string
  /** Fingerprint of the one before; empty for the first. */
  readonly former: string
}

/** An observation on its way to a sky region that must know it: the one it lies in, or one it lies close to. */
export interface Sighting {
  /** The observation record. */
  readonly observation: Uint8Array
  /** Order 13 cells where the fusion holds the observation that it supersedes; empty for the first one. */
  readonly formerPatches: readonly bigint[]
  /** Regions that it goes to next, in order, because it moved away from the one that reads it. */
  readonly handOver: readonly bigint[]
  /** Rises with every decision about the source: a sighting of a higher turn holds against one of a lower; 0 from before turns were counted. */
  readonly turn?: bigint
  /** inForce; restored where what came after it was taken back; withdrawn where it was taken back itself and nothing stands in its place. */
  readonly standing?: string
  /** A spectrum record without pixels, correlations and other columns, which goes to the region of its star; the observation is empty then. */
  readonly spectrum?: Uint8Array
  /** The pixels record of that spectrum; empty where it has none. */
  readonly pixels?: Uint8Array
}

/** What ingest remembers of one source of a survey family: which delivery is in force, and where it was sent. */
export interface SourceRoute {
  /** Release rank of the observation in force. */
  readonly releaseRank: number
  /** Revision of the newest delivery, be it a repeat. */
  readonly revision: bigint
  /** Hash of the observation in force, without its origin and revision. */
  readonly digest: string
  /** File and row of the observation in force. */
  readonly origin: string
  /** Regions it has lain in, the present one last. */
  readonly homes: readonly bigint[]
  /** Further regions that hold it because it lies close to them. */
  readonly guests: readonly bigint[]
  /** Order 13 cells it lies in over the years. */
  readonly patches: readonly bigint[]
  /** Where the row in force lies in the topic raw, which has one partition; null where it is not known. */
  readonly rawOffset?: bigint | null
  /** Rises with every change of this record. */
  readonly turn?: bigint
  /** True where every delivery of the source was taken back: nothing is in force. */
  readonly isWithdrawn?: boolean
  /** Deliveries that have the source, the one that would be in force last; at most eight, the least are dropped. */
  readonly claims?: readonly SourceClaim[]
}

/** What one delivery says of the source. */
export interface SourceClaim {
  /** Its release rank. */
  readonly releaseRank: number
  /** Its revision. */
  readonly revision: bigint
  /** Where a row that says it lies in the topic raw; claims that were found to say the same have the same; null where it is not known. */
  readonly rawOffset?: bigint | null
}

/** One spectrum as a survey delivered it: nothing resampled, nothing converted. What the survey did not say is null. */
export interface Spectrum {
  /** Hash of the file's content, extension and row: the same spectrum has the same id. */
  readonly spectrumId: string
  /** gaiaXp, apogee, sdss, boss, lamostLrs or lamostMrs. */
  readonly survey: string
  /** xpContinuous, xpSampled, apVisit, apStar, aspcapStar, sdssSpec, lamostLrs or lamostMrs. */
  readonly product: string
  /** Data release or version of the pipeline, as the file names it. */
  readonly release: string | null
  /** Id of the star within the survey, as text; 64-bit ids in full. */
  readonly source: string
  /** Right ascension of the star as the file gives it, degrees, J2000 or the survey's epoch. */
  readonly raDeg: number | null
  /** Declination of the star as the file gives it, degrees. */
  readonly decDeg: number | null
  /** What the wavelengths are at rest with: topocentric, heliocentric, barycentric or rest, that of the star. */
  readonly velocityFrame: string | null
  /** Velocity, km/s, that was added to radial velocities to reach that frame, where the file states one. */
  readonly frameCorrectionKmPerS: number | null
  /** Begin of the first exposure, modified Julian date, UTC. */
  readonly startMjd: number | null
  /** Middle of the exposures, modified Julian date, UTC. */
  readonly midMjd: number | null
  /** Exposure time, seconds. */
  readonly exposureS: number | null
  /** Number by which the survey names the night, a modified Julian day. */
  readonly nightMjd: number | null
  /** Plate. */
  readonly plate: string | null
  /** Field, or plan of the pointing. */
  readonly field: string | null
  /** Fibre. */
  readonly fibre: number | null
  /** Pieces of the spectrum in pixels, one for each chip or arm; empty for coefficients. */
  readonly segments: readonly SpectrumSegment[]
  /** Coefficients of Gaia's BP and RP spectra; a band that was not measured is absent. */
  readonly bands: readonly XpBand[]
  /** Base name of the file. */
  readonly file: string
  /** fits, csv, tsv, ecsv, votable or parquet. */
  readonly format: string
  /** Extensions of a FITS file that it was read from, by name or number. */
  readonly extension: string | null
  /** Its row there, from 1; null where the whole extension is one spectrum. */
  readonly row: bigint | null
  /** SHA-256 of the file as it lay on disk. */
  readonly fileSha256: string
  /** What else the header or row says, as text; names of extensions beyond the first stand before a point. */
  readonly extra: { readonly [key: string]: string }
  /** Order of delivery: of two spectra of one star and product the later one supersedes the earlier; 0 from before it was counted. */
  readonly revision?: bigint
  /** Median signal over noise of its pixels that have an error; told where the pixels themselves are left out. */
  readonly medianSignalToNoise?: number | null
  /** How many pixels have an error; told with it. */
  readonly goodPixelCount?: number
  /** Number of a delivery that is taken back: this spectrum stands in the place of that delivery's; one of that very delivery, which is without its pixels, says that none does. 0 of a spectrum that was delivered. */
  readonly takesBack?: bigint
}

/** Pixels of one chip or arm, in the order of the file. */
export interface SpectrumSegment {
  /** Chip, arm or kind of sum. */
  readonly name: string
  /** vacuum or air. */
  readonly medium: string
  /** Angstrom or nm. */
  readonly wavelengthUnit: string
  /** linear, or log10 where the numbers are logarithms of wavelengths. */
  readonly wavelengthScale: string
  /** Wavelength of each pixel, or its logarithm; empty where wavelengthLaw tells. */
  readonly wavelengths: readonly number[]
  /** Wavelength of pixel i, counted from 0, is start + step * i, or its logarithm is; null where a table tells. */
  readonly wavelengthLaw: WavelengthLaw | null
  /** Unit of the fluxes; empty where they have none. */
  readonly fluxUnit: string
  /** absolute, relative (the level means nothing) or normalised (to the continuum). */
  readonly fluxScale: string
  /** Flux of each pixel; null where the survey has no number. */
  readonly fluxes: readonly (number | null)[]
  /** Inverse variance of each flux in one over the square of fluxUnit; 0 for a pixel that says nothing. */
  readonly ivars: readonly number[]
  /** Bits of each pixel as delivered. */
  readonly masks: readonly PixelMask[]
  /** Signal over noise of a pixel, as the file states it. */
  readonly signalToNoise: number | null
  /** Pixels whose inverse variance is 0. */
  readonly badPixelCount: number
  /** Those of them whose flux was NaN or infinite. */
  readonly missingPixelCount: number
}

/** Wavelengths, or their logarithms, at even steps. */
export interface WavelengthLaw {
  /** Of the first pixel. */
  readonly start: number
  /** From pixel to pixel. */
  readonly step: number
}

/** One mask. */
export interface PixelMask {
  /** and (in all exposures), or (in any), or pixel. */
  readonly name: string
  /** Of each pixel. */
  readonly bits: readonly number[]
  /** What the survey calls the bits; those without a published name are absent. */
  readonly bitNames: readonly MaskBit[]
}

/** One bit. */
export interface MaskBit {
  /** Counted from 0, the lowest. */
  readonly bit: number
  /** Its name. */
  readonly name: string
}

/** One band as coefficients of its basis functions, in the units of the archive. */
export interface XpBand {
  /** BP or RP. */
  readonly name: string
  /** Id of the set of basis functions. */
  readonly basis: number | null
  /** Coefficients. */
  readonly coefficients: readonly number[]
  /** Their 1-sigma errors, above zero. */
  readonly errors: readonly number[]
  /** Correlations of pairs of coefficients, n(n-1)/2 of them, packed as delivered. */
  readonly correlations: readonly number[]
  /** How many of the first coefficients rise above their noise. */
  readonly relevantBases: number | null
}

/** All that the surveys known so far say of one star. */
export interface Star {
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
  readonly sources: readonly StarSource[]
  /** The measurements in force. */
  readonly measurements: readonly StarMeasurement[]
  /** True when a joined source could as well belong to another star. */
  readonly isAmbiguous: boolean
  /** Quality flags of the joined sources, survey first. */
  readonly flags: readonly string[]
  /** True when the star was merged away or its sources were withdrawn; it has no posterior. */
  readonly isRetired: boolean
  /** Spectra of the joined sources, by their coefficients. */
  readonly spectra?: readonly StarSpectrum[]
  /** Spectra with pixels that joined the star: of each survey the one with the most signal over noise in all its pixels. */
  readonly pixelSpectra?: readonly PixelSpectrum[]
  /** The pixels record of each of pixelSpectra. */
  readonly pixels?: readonly Uint8Array[]
}

/** One joined source. */
export interface StarSource {
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
}

/** One measured quantity and its survey. */
export interface StarMeasurement {
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
}

/** What is known of one spectrum. */
export interface StarSpectrum {
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
  readonly row: bigint | null
  /** Its bands; one that was not measured is absent. */
  readonly bands: readonly SpectrumBand[]
}

/** One band as coefficients of its basis functions, in the units of the survey. */
export interface SpectrumBand {
  /** BP or RP. */
  readonly name: string
  /** Id of the set of basis functions. */
  readonly basis: number | null
  /** Coefficients. */
  readonly coefficients: readonly number[]
  /** Their 1-sigma errors, above zero. */
  readonly errors: readonly number[]
}

/** What is known of one spectrum with pixels. */
export interface PixelSpectrum {
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
  readonly row: bigint | null
}

/** Which star a survey's source belongs to now. */
export interface StarAlias {
  /** The survey. */
  readonly survey: string
  /** Id of the source within it, as text. */
  readonly source: string
  /** The star that holds it. */
  readonly starId: string
}

/** Which subscriptions a star is in, as they were told. */
export interface StarSubscriptions {
  /** One per subscription. */
  readonly members: readonly Membership[]
}

/** What one subscription was told of the star last. */
export interface Membership {
  /** The subscription. */
  readonly subscriptionId: string
  /** The posterior it was told. */
  readonly posteriorId: string
}

/** A filter that somebody saved, to be told of the stars that pass it. */
export interface Subscription {
  /** Given once and never again. */
  readonly id: string
  /** What people call it. */
  readonly name: string
  /** Conditions of the filter, joined by and; empty for all stars. */
  readonly where: string
  /** Region as an ASCII or JSON MOC; null for all of the sky. */
  readonly moc: string | null
  /** Ids as any survey writes them; empty where no list is watched. */
  readonly watchlist: readonly string[]
  /** Where its events are; other subscriptions may share it. */
  readonly topic: string
  /** When it was saved, milliseconds since 1970. */
  readonly createdMs: bigint
}

/** A star that enters a filter, is updated within it, or leaves it. */
export interface SubscriptionEvent {
  /** Hash of the subscription, the star and the turn of the work it came from: a repeat has the same id. */
  readonly eventId: string
  /** The subscription. */
  readonly subscriptionId: string
  /** The star. */
  readonly starId: string
  /** entered, updated or left. */
  readonly kind: string
  /** The posterior record; empty where the star left. */
  readonly posterior: Uint8Array
}

/** What is to be done for subscriptions, one thing after another. */
export interface SubscriptionWork {
  /** star: a star has news; fill: a subscription is to meet the stars that are known; clear: the events of one that was removed are to go. */
  readonly kind: string
  /** The subscription; empty for a star. */
  readonly subscriptionId: string
  /** Where its events are; empty for a star. */
  readonly topic: string
  /** How far the work has come, partition:offset of each partition; empty at its beginning. */
  readonly cursor: string
}

export interface Records {
  readonly deadLetter: DeadLetter
  readonly delivery: Delivery
  readonly deliveryTally: DeliveryTally
  readonly fuseChange: FuseChange
  readonly gap: Gap
  readonly heartbeat: Heartbeat
  readonly observation: Observation
  readonly pixels: Pixels
  readonly posterior: Posterior
  readonly posteriorPlaces: PosteriorPlaces
  readonly rawRow: RawRow
  readonly servingModel: ServingModel
  readonly sighting: Sighting
  readonly sourceRoute: SourceRoute
  readonly spectrum: Spectrum
  readonly star: Star
  readonly starAlias: StarAlias
  readonly starSubscriptions: StarSubscriptions
  readonly subscription: Subscription
  readonly subscriptionEvent: SubscriptionEvent
  readonly subscriptionWork: SubscriptionWork
}

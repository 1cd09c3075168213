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
  /** Topic it is put back on by a re-drive; empty where only a new delivery helps. */
  readonly topic: string
  /** Its key there. */
  readonly key: string | null
  /** The record as it came; of a table row above 1 MiB the first 64 KiB, with size and hash in the reason. */
  readonly bytes: Uint8Array
  /** True in a mark: a record that takes this id off the list of what waits. */
  readonly isRedriven: boolean
  /** In a mark, why: redriven or closed; empty in a letter, and in marks of version 1.0, which were re-drives. */
  readonly outcome?: string
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
}

/** State of the fusion: the observations in force in one small patch of sky, as one sky region sees it. */
export interface FuseChange {
  /** Nested HEALPix cell of order 6 whose fusion holds it. */
  readonly region: bigint
  /** Nested HEALPix cell of order 13 that the observations fall into. */
  readonly patch: bigint
  /** Observation records without their extra columns. */
  readonly observations: readonly Uint8Array[]
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
  /** Warnings, such as outOfDistribution or ambiguousMatch. */
  readonly flags: readonly string[]
  /** Fingerprint of the vocabulary it was made under; empty where it is not known. */
  readonly schemas?: string
  /** Topic that holds the samples, keyed by posteriorId; empty where they are in this record. */
  readonly samplesTopic?: string
  /** True where a newer model was asked about what was known already: no news of the star. */
  readonly isReprocessed?: boolean
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

/** Where the posteriors of a star lie in the topic of posteriors, the oldest first. */
export interface PosteriorPlaces {
  /** Partition that holds all of them. */
  readonly partition: number
  /** Their offsets in it, rising. */
  readonly offsets: readonly bigint[]
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

/** Which star a survey's source belongs to now. */
export interface StarAlias {
  /** The survey. */
  readonly survey: string
  /** Id of the source within it, as text. */
  readonly source: string
  /** The star that holds it. */
  readonly starId: string
}

export interface Records {
  readonly deadLetter: DeadLetter
  readonly delivery: Delivery
  readonly fuseChange: FuseChange
  readonly observation: Observation
  readonly posterior: Posterior
  readonly posteriorPlaces: PosteriorPlaces
  readonly rawRow: RawRow
  readonly servingModel: ServingModel
  readonly sighting: Sighting
  readonly sourceRoute: SourceRoute
  readonly star: Star
  readonly starAlias: StarAlias
}

/** Avro schemas as JSON text, by record. */
export const recordSchemas: { readonly [name in keyof Records]: string } = {
  deadLetter:
    '{"type":"record","name":"DeadLetter","namespace":"birthline.v1_1","doc":"A record that was refused, with the reason.","fields":[{"name":"deadLetterId","type":"string","doc":"Hash of step, origin and bytes: the same refusal has the same id."},{"name":"step","type":"string","doc":"Actor that refused it."},{"name":"code","type":"string","doc":"Error code."},{"name":"reason","type":"string","doc":"One sentence: what, where, what to do."},{"name":"origin","type":"string","doc":"File and row, or topic, partition and offset."},{"name":"topic","type":"string","doc":"Topic it is put back on by a re-drive; empty where only a new delivery helps."},{"name":"key","type":["null","string"],"default":null,"doc":"Its key there."},{"name":"bytes","type":"bytes","doc":"The record as it came; of a table row above 1 MiB the first 64 KiB, with size and hash in the reason."},{"name":"isRedriven","type":"boolean","default":false,"doc":"True in a mark: a record that takes this id off the list of what waits."},{"name":"outcome","type":"string","default":"","since":"1.1","doc":"In a mark, why: redriven or closed; empty in a letter, and in marks of version 1.0, which were re-drives."}]}',
  delivery:
    '{"type":"record","name":"Delivery","namespace":"birthline.v1_1","doc":"How far a file has been taken in; written in the same transaction as its rows.","fields":[{"name":"fingerprint","type":"string","doc":"Hash of the file\'s content, its survey and its column map."},{"name":"file","type":"string","doc":"Base name of the file when it was first delivered."},{"name":"survey","type":"string","doc":"The survey it is read with."},{"name":"ordinal","type":"long","doc":"Deliveries are numbered from 1 in the order in which they began."},{"name":"nextRow","type":"long","doc":"The row that comes next; the first is 1."},{"name":"rowCount","type":"long","doc":"Rows taken in so far."},{"name":"badRowCount","type":"long","doc":"Rows refused so far because they cannot be read as rows."},{"name":"isComplete","type":"boolean","doc":"True once the whole file is in."},{"name":"content","type":"string","default":"","since":"1.1","doc":"Hash of the table\'s content alone, the same under every survey and column map; empty where it is not known."}]}',
  fuseChange:
    '{"type":"record","name":"FuseChange","namespace":"birthline.v1_0","doc":"State of the fusion: the observations in force in one small patch of sky, as one sky region sees it.","fields":[{"name":"region","type":"long","doc":"Nested HEALPix cell of order 6 whose fusion holds it."},{"name":"patch","type":"long","doc":"Nested HEALPix cell of order 13 that the observations fall into."},{"name":"observations","type":{"type":"array","items":"bytes"},"doc":"Observation records without their extra columns."}]}',
  observation:
    '{"type":"record","name":"Observation","namespace":"birthline.v1_0","doc":"One source of one survey release, in common units. What the survey did not measure is absent.","fields":[{"name":"survey","type":"string","doc":"Name of the survey file, such as gaiaDr3."},{"name":"source","type":"string","doc":"Id of the source within the survey, as text; 64-bit ids in full."},{"name":"sourceId","type":["null","long"],"default":null,"doc":"The same id where it is a 64-bit integer."},{"name":"releaseRank","type":"int","doc":"Release order within the survey\'s family: a higher rank supersedes a lower one."},{"name":"revision","type":"long","doc":"Order of delivery of this source within its release; a later one supersedes an earlier one."},{"name":"raDeg","type":"double","doc":"Right ascension, ICRS, at epochJyr, degrees."},{"name":"decDeg","type":"double","doc":"Declination, ICRS, at epochJyr, degrees."},{"name":"positionErrArcsec","type":"double","doc":"Circular 1-sigma position error, arcsec."},{"name":"epochJyr","type":"double","doc":"Epoch of the position, Julian year."},{"name":"cell","type":"long","doc":"Nested HEALPix cell of the position at the epoch J2016.0, order 9."},{"name":"measurements","doc":"What was measured.","type":{"type":"array","items":{"type":"record","name":"Measurement","doc":"One measured quantity.","fields":[{"name":"quantity","type":"string","doc":"Name of the observable; its unit is in the name."},{"name":"value","type":"double","doc":"Value in the unit of the quantity."},{"name":"err","type":"double","doc":"1-sigma error in the same unit, survey floor included, above zero."},{"name":"isLimit","type":"boolean","default":false,"doc":"True when the true flux is fainter than the value."}]}}},{"name":"links","doc":"Ids that this survey gives for the same source in other surveys.","type":{"type":"array","items":{"type":"record","name":"Link","doc":"An id in another survey.","fields":[{"name":"survey","type":"string","doc":"The other survey."},{"name":"source","type":"string","doc":"Id there, as text."}]}}},{"name":"flags","type":{"type":"array","items":"string"},"doc":"Quality flags that were raised, such as w3Mag:contaminated."},{"name":"origin","type":"string","doc":"File and row, or topic and offset, it came from."},{"name":"extra","type":{"type":"map","values":"string"},"doc":"Columns the survey file does not name, kept as delivered."}]}',
  posterior:
    '{"type":"record","name":"Posterior","namespace":"birthline.v1_3","doc":"What is believed of one star after seeing one version of it.","fields":[{"name":"posteriorId","type":"string","doc":"Hash of star version, model, question and seed: the same work has the same id."},{"name":"starId","type":"string","doc":"The star."},{"name":"starVersion","type":"string","doc":"Version of the star record it was made from."},{"name":"raDeg","type":"double","doc":"Right ascension, ICRS, degrees."},{"name":"decDeg","type":"double","doc":"Declination, ICRS, degrees."},{"name":"surveys","type":{"type":"array","items":"string"},"doc":"Surveys that were present."},{"name":"observables","type":{"type":"array","items":"string"},"doc":"Observables the model was given."},{"name":"model","type":"string","doc":"Fingerprint of the checkpoint."},{"name":"seed","type":"long","doc":"Seed of the random numbers."},{"name":"sampleCount","type":"int","doc":"Samples drawn."},{"name":"summaries","doc":"One per parameter.","type":{"type":"array","items":{"type":"record","name":"Summary","doc":"Marginal posterior of one parameter, in the unit of its name.","fields":[{"name":"parameter","type":"string","doc":"Name of the parameter."},{"name":"mean","type":"double","doc":"Mean."},{"name":"sd","type":"double","doc":"Standard deviation."},{"name":"q025","type":"double","doc":"2.5% quantile."},{"name":"q16","type":"double","doc":"16% quantile."},{"name":"q50","type":"double","doc":"Median."},{"name":"q84","type":"double","doc":"84% quantile."},{"name":"q975","type":"double","doc":"97.5% quantile."}]}}},{"name":"classes","doc":"Class probabilities under the stated prior; they sum to one.","type":{"type":"array","items":{"type":"record","name":"ClassProbability","doc":"One class.","fields":[{"name":"name","type":"string","doc":"Name of the class."},{"name":"probability","type":"double","doc":"Posterior probability."},{"name":"prior","type":"double","doc":"Prior probability it was computed under."}]}}},{"name":"youngProbability","type":"double","doc":"Sum over the young classes."},{"name":"sampleNames","type":{"type":"array","items":"string"},"doc":"Columns of the samples."},{"name":"samples","type":"bytes","doc":"Empty: samplesTopic says where they are. Records before 1.2 hold them here, float32 little endian, one column after another."},{"name":"flags","type":{"type":"array","items":"string"},"doc":"Warnings, such as outOfDistribution or ambiguousMatch."},{"name":"schemas","type":"string","default":"","since":"1.1","doc":"Fingerprint of the vocabulary it was made under; empty where it is not known."},{"name":"samplesTopic","type":"string","default":"","since":"1.2","doc":"Topic that holds the samples, keyed by posteriorId; empty where they are in this record."},{"name":"isReprocessed","type":"boolean","default":false,"since":"1.3","doc":"True where a newer model was asked about what was known already: no news of the star."}]}',
  posteriorPlaces:
    '{"type":"record","name":"PosteriorPlaces","namespace":"birthline.v1_0","doc":"Where the posteriors of a star lie in the topic of posteriors, the oldest first.","fields":[{"name":"partition","type":"int","doc":"Partition that holds all of them."},{"name":"offsets","type":{"type":"array","items":"long"},"doc":"Their offsets in it, rising."}]}',
  rawRow:
    '{"type":"record","name":"RawRow","namespace":"birthline.v1_0","doc":"One row of a survey\'s table, cells as delivered.","fields":[{"name":"survey","type":"string","doc":"Name of the survey file it is read with."},{"name":"file","type":"string","doc":"Base name of the file."},{"name":"row","type":"long","doc":"Row of the table, the first is 1."},{"name":"revision","type":"long","doc":"Order of delivery: a later ingest of the same source supersedes an earlier one."},{"name":"cells","type":{"type":"map","values":"string"},"doc":"Column name to text; empty and null cells are absent."}]}',
  servingModel:
    '{"type":"record","name":"ServingModel","namespace":"birthline.v1_0","doc":"The model whose posteriors are in force in a log.","fields":[{"name":"model","type":"string","doc":"Fingerprint of its checkpoint."},{"name":"former","type":"string","doc":"Fingerprint of the one before; empty for the first."}]}',
  sighting:
    '{"type":"record","name":"Sighting","namespace":"birthline.v1_0","doc":"An observation on its way to a sky region that must know it: the one it lies in, or one it lies close to.","fields":[{"name":"observation","type":"bytes","doc":"The observation record."},{"name":"formerPatches","type":{"type":"array","items":"long"},"doc":"Order 13 cells where the fusion holds the observation that it supersedes; empty for the first one."},{"name":"handOver","type":{"type":"array","items":"long"},"doc":"Regions that it goes to next, in order, because it moved away from the one that reads it."}]}',
  sourceRoute:
    '{"type":"record","name":"SourceRoute","namespace":"birthline.v1_1","doc":"What ingest remembers of one source of a survey family: which delivery is in force, and where it was sent.","fields":[{"name":"releaseRank","type":"int","doc":"Release rank of the observation in force."},{"name":"revision","type":"long","doc":"Revision of the newest delivery, be it a repeat."},{"name":"digest","type":"string","doc":"Hash of the observation in force, without its origin and revision."},{"name":"origin","type":"string","doc":"File and row of the observation in force."},{"name":"homes","type":{"type":"array","items":"long"},"doc":"Regions it has lain in, the present one last."},{"name":"guests","type":{"type":"array","items":"long"},"doc":"Further regions that hold it because it lies close to them."},{"name":"patches","type":{"type":"array","items":"long"},"doc":"Order 13 cells it lies in over the years."},{"name":"rawOffset","type":["null","long"],"default":null,"since":"1.1","doc":"Where the row in force lies in the topic raw, which has one partition; null where it is not known."}]}',
  star: '{"type":"record","name":"Star","namespace":"birthline.v1_0","doc":"All that the surveys known so far say of one star.","fields":[{"name":"starId","type":"string","doc":"Stable id of the star, derived from the survey and source of its anchor."},{"name":"version","type":"string","doc":"Hash of the content: two stars with one version say the same."},{"name":"raDeg","type":"double","doc":"Right ascension, ICRS, at epochJyr, degrees."},{"name":"decDeg","type":"double","doc":"Declination, ICRS, at epochJyr, degrees."},{"name":"epochJyr","type":"double","doc":"Epoch of the position, Julian year."},{"name":"sources","doc":"The survey sources that were joined.","type":{"type":"array","items":{"type":"record","name":"StarSource","doc":"One joined source.","fields":[{"name":"survey","type":"string","doc":"The survey."},{"name":"source","type":"string","doc":"Id of the source within it, as text."},{"name":"matchedBy","type":"string","doc":"anchor, id or position."},{"name":"matchProbability","type":"double","doc":"Probability that it is this star; 1 for an anchor."},{"name":"separationArcsec","type":["null","double"],"default":null,"doc":"Distance from the star at the epoch of the source, arcsec."},{"name":"origin","type":"string","doc":"File and row, or topic and offset, it came from."}]}}},{"name":"measurements","doc":"The measurements in force.","type":{"type":"array","items":{"type":"record","name":"StarMeasurement","doc":"One measured quantity and its survey.","fields":[{"name":"quantity","type":"string","doc":"Name of the observable; its unit is in the name."},{"name":"value","type":"double","doc":"Value in the unit of the quantity."},{"name":"err","type":"double","doc":"1-sigma error in the same unit, above zero."},{"name":"isLimit","type":"boolean","default":false,"doc":"True when the true flux is fainter than the value."},{"name":"survey","type":"string","doc":"The survey that measured it."}]}}},{"name":"isAmbiguous","type":"boolean","doc":"True when a joined source could as well belong to another star."},{"name":"flags","type":{"type":"array","items":"string"},"doc":"Quality flags of the joined sources, survey first."},{"name":"isRetired","type":"boolean","default":false,"doc":"True when the star was merged away or its sources were withdrawn; it has no posterior."}]}',
  starAlias:
    '{"type":"record","name":"StarAlias","namespace":"birthline.v1_0","doc":"Which star a survey\'s source belongs to now.","fields":[{"name":"survey","type":"string","doc":"The survey."},{"name":"source","type":"string","doc":"Id of the source within it, as text."},{"name":"starId","type":"string","doc":"The star that holds it."}]}',
}

/** Earlier versions of each record, whose bytes can still be read, oldest first. */
export const pastSchemas: { readonly [name in keyof Records]: readonly string[] } = {
  deadLetter: [
    '{"type":"record","name":"DeadLetter","namespace":"birthline.v1_0","doc":"A record that was refused, whole, with the reason.","fields":[{"name":"deadLetterId","type":"string","doc":"Hash of step, origin and bytes: the same refusal has the same id."},{"name":"step","type":"string","doc":"Actor that refused it."},{"name":"code","type":"string","doc":"Error code."},{"name":"reason","type":"string","doc":"One sentence: what, where, what to do."},{"name":"origin","type":"string","doc":"File and row, or topic, partition and offset."},{"name":"topic","type":"string","doc":"Topic it is put back on by a re-drive; empty where only a new delivery helps."},{"name":"key","type":["null","string"],"default":null,"doc":"Its key there."},{"name":"bytes","type":"bytes","doc":"The record as it came."},{"name":"isRedriven","type":"boolean","default":false,"doc":"True in the record that marks a re-drive of this id."}]}',
  ],
  delivery: [
    '{"type":"record","name":"Delivery","namespace":"birthline.v1_0","doc":"How far a file has been taken in; written in the same transaction as its rows.","fields":[{"name":"fingerprint","type":"string","doc":"Hash of the file\'s content, its survey and its column map."},{"name":"file","type":"string","doc":"Base name of the file when it was first delivered."},{"name":"survey","type":"string","doc":"The survey it is read with."},{"name":"ordinal","type":"long","doc":"Deliveries are numbered from 1 in the order in which they began."},{"name":"nextRow","type":"long","doc":"The row that comes next; the first is 1."},{"name":"rowCount","type":"long","doc":"Rows taken in so far."},{"name":"badRowCount","type":"long","doc":"Rows refused so far because they cannot be read as rows."},{"name":"isComplete","type":"boolean","doc":"True once the whole file is in."}]}',
  ],
  fuseChange: [],
  observation: [],
  posterior: [
    '{"type":"record","name":"Posterior","namespace":"birthline.v1_0","doc":"What is believed of one star after seeing one version of it.","fields":[{"name":"posteriorId","type":"string","doc":"Hash of star version, model, question and seed: the same work has the same id."},{"name":"starId","type":"string","doc":"The star."},{"name":"starVersion","type":"string","doc":"Version of the star record it was made from."},{"name":"raDeg","type":"double","doc":"Right ascension, ICRS, degrees."},{"name":"decDeg","type":"double","doc":"Declination, ICRS, degrees."},{"name":"surveys","type":{"type":"array","items":"string"},"doc":"Surveys that were present."},{"name":"observables","type":{"type":"array","items":"string"},"doc":"Observables the model was given."},{"name":"model","type":"string","doc":"Fingerprint of the checkpoint."},{"name":"seed","type":"long","doc":"Seed of the random numbers."},{"name":"sampleCount","type":"int","doc":"Samples drawn."},{"name":"summaries","doc":"One per parameter.","type":{"type":"array","items":{"type":"record","name":"Summary","doc":"Marginal posterior of one parameter, in the unit of its name.","fields":[{"name":"parameter","type":"string","doc":"Name of the parameter."},{"name":"mean","type":"double","doc":"Mean."},{"name":"sd","type":"double","doc":"Standard deviation."},{"name":"q025","type":"double","doc":"2.5% quantile."},{"name":"q16","type":"double","doc":"16% quantile."},{"name":"q50","type":"double","doc":"Median."},{"name":"q84","type":"double","doc":"84% quantile."},{"name":"q975","type":"double","doc":"97.5% quantile."}]}}},{"name":"classes","doc":"Class probabilities under the stated prior; they sum to one.","type":{"type":"array","items":{"type":"record","name":"ClassProbability","doc":"One class.","fields":[{"name":"name","type":"string","doc":"Name of the class."},{"name":"probability","type":"double","doc":"Posterior probability."},{"name":"prior","type":"double","doc":"Prior probability it was computed under."}]}}},{"name":"youngProbability","type":"double","doc":"Sum over the young classes."},{"name":"sampleNames","type":{"type":"array","items":"string"},"doc":"Columns of the samples."},{"name":"samples","type":"bytes","doc":"Samples, float32 little endian, one column after another."},{"name":"flags","type":{"type":"array","items":"string"},"doc":"Warnings, such as outOfDistribution or ambiguousMatch."}]}',
    '{"type":"record","name":"Posterior","namespace":"birthline.v1_1","doc":"What is believed of one star after seeing one version of it.","fields":[{"name":"posteriorId","type":"string","doc":"Hash of star version, model, question and seed: the same work has the same id."},{"name":"starId","type":"string","doc":"The star."},{"name":"starVersion","type":"string","doc":"Version of the star record it was made from."},{"name":"raDeg","type":"double","doc":"Right ascension, ICRS, degrees."},{"name":"decDeg","type":"double","doc":"Declination, ICRS, degrees."},{"name":"surveys","type":{"type":"array","items":"string"},"doc":"Surveys that were present."},{"name":"observables","type":{"type":"array","items":"string"},"doc":"Observables the model was given."},{"name":"model","type":"string","doc":"Fingerprint of the checkpoint."},{"name":"seed","type":"long","doc":"Seed of the random numbers."},{"name":"sampleCount","type":"int","doc":"Samples drawn."},{"name":"summaries","doc":"One per parameter.","type":{"type":"array","items":{"type":"record","name":"Summary","doc":"Marginal posterior of one parameter, in the unit of its name.","fields":[{"name":"parameter","type":"string","doc":"Name of the parameter."},{"name":"mean","type":"double","doc":"Mean."},{"name":"sd","type":"double","doc":"Standard deviation."},{"name":"q025","type":"double","doc":"2.5% quantile."},{"name":"q16","type":"double","doc":"16% quantile."},{"name":"q50","type":"double","doc":"Median."},{"name":"q84","type":"double","doc":"84% quantile."},{"name":"q975","type":"double","doc":"97.5% quantile."}]}}},{"name":"classes","doc":"Class probabilities under the stated prior; they sum to one.","type":{"type":"array","items":{"type":"record","name":"ClassProbability","doc":"One class.","fields":[{"name":"name","type":"string","doc":"Name of the class."},{"name":"probability","type":"double","doc":"Posterior probability."},{"name":"prior","type":"double","doc":"Prior probability it was computed under."}]}}},{"name":"youngProbability","type":"double","doc":"Sum over the young classes."},{"name":"sampleNames","type":{"type":"array","items":"string"},"doc":"Columns of the samples."},{"name":"samples","type":"bytes","doc":"Samples, float32 little endian, one column after another."},{"name":"flags","type":{"type":"array","items":"string"},"doc":"Warnings, such as outOfDistribution or ambiguousMatch."},{"name":"schemas","type":"string","default":"","since":"1.1","doc":"Fingerprint of the vocabulary it was made under; empty where it is not known."}]}',
    '{"type":"record","name":"Posterior","namespace":"birthline.v1_2","doc":"What is believed of one star after seeing one version of it.","fields":[{"name":"posteriorId","type":"string","doc":"Hash of star version, model, question and seed: the same work has the same id."},{"name":"starId","type":"string","doc":"The star."},{"name":"starVersion","type":"string","doc":"Version of the star record it was made from."},{"name":"raDeg","type":"double","doc":"Right ascension, ICRS, degrees."},{"name":"decDeg","type":"double","doc":"Declination, ICRS, degrees."},{"name":"surveys","type":{"type":"array","items":"string"},"doc":"Surveys that were present."},{"name":"observables","type":{"type":"array","items":"string"},"doc":"Observables the model was given."},{"name":"model","type":"string","doc":"Fingerprint of the checkpoint."},{"name":"seed","type":"long","doc":"Seed of the random numbers."},{"name":"sampleCount","type":"int","doc":"Samples drawn."},{"name":"summaries","doc":"One per parameter.","type":{"type":"array","items":{"type":"record","name":"Summary","doc":"Marginal posterior of one parameter, in the unit of its name.","fields":[{"name":"parameter","type":"string","doc":"Name of the parameter."},{"name":"mean","type":"double","doc":"Mean."},{"name":"sd","type":"double","doc":"Standard deviation."},{"name":"q025","type":"double","doc":"2.5% quantile."},{"name":"q16","type":"double","doc":"16% quantile."},{"name":"q50","type":"double","doc":"Median."},{"name":"q84","type":"double","doc":"84% quantile."},{"name":"q975","type":"double","doc":"97.5% quantile."}]}}},{"name":"classes","doc":"Class probabilities under the stated prior; they sum to one.","type":{"type":"array","items":{"type":"record","name":"ClassProbability","doc":"One class.","fields":[{"name":"name","type":"string","doc":"Name of the class."},{"name":"probability","type":"double","doc":"Posterior probability."},{"name":"prior","type":"double","doc":"Prior probability it was computed under."}]}}},{"name":"youngProbability","type":"double","doc":"Sum over the young classes."},{"name":"sampleNames","type":{"type":"array","items":"string"},"doc":"Columns of the samples."},{"name":"samples","type":"bytes","doc":"Empty: samplesTopic says where they are. Records before 1.2 hold them here, float32 little endian, one column after another."},{"name":"flags","type":{"type":"array","items":"string"},"doc":"Warnings, such as outOfDistribution or ambiguousMatch."},{"name":"schemas","type":"string","default":"","since":"1.1","doc":"Fingerprint of the vocabulary it was made under; empty where it is not known."},{"name":"samplesTopic","type":"string","default":"","since":"1.2","doc":"Topic that holds the samples, keyed by posteriorId; empty where they are in this record."}]}',
  ],
  posteriorPlaces: [],
  rawRow: [],
  servingModel: [],
  sighting: [],
  sourceRoute: [
    '{"type":"record","name":"SourceRoute","namespace":"birthline.v1_0","doc":"What ingest remembers of one source of a survey family: which delivery is in force, and where it was sent.","fields":[{"name":"releaseRank","type":"int","doc":"Release rank of the observation in force."},{"name":"revision","type":"long","doc":"Revision of the newest delivery, be it a repeat."},{"name":"digest","type":"string","doc":"Hash of the observation in force, without its origin and revision."},{"name":"origin","type":"string","doc":"File and row of the observation in force."},{"name":"homes","type":{"type":"array","items":"long"},"doc":"Regions it has lain in, the present one last."},{"name":"guests","type":{"type":"array","items":"long"},"doc":"Further regions that hold it because it lies close to them."},{"name":"patches","type":{"type":"array","items":"long"},"doc":"Order 13 cells it lies in over the years."}]}',
  ],
  star: [],
  starAlias: [],
}

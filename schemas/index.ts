// The public face of the vocabulary.
export {
  type ArrowFormat,
  type ArrowStar,
  decodeStars,
  encodeStars,
} from './arrow.ts'
export { parseSource, type Refusal, rowOrigin, surveyColumns } from './cellReader.ts'
export {
  type BatchPlace,
  type ChannelMessages,
  type ChannelName,
  isHeard,
  type Move,
  type PlacedRecord,
  publish,
  subscribe,
} from './channels.ts'
export {
  bandTopic,
  bandTopics,
  bandTopicsOf,
  type ClassBand,
  classBands,
  classProbability,
  type WatchedClass,
  watchedClasses,
} from './classBands.ts'
export {
  createDecoder,
  decode,
  decodeKnown,
  encode,
  type RecordName,
  type RecordPlace,
  toJson,
} from './codec.ts'
export { type ColumnBatch, type ColumnField, ColumnTableWriter } from './columnTable.ts'
export { checkCompatibility } from './compatibility.ts'
export { type ErrorCode, errorCodes, FusionError, isFusionError, isRetryable } from './errors.ts'
export { eventTopics } from './eventTopics.ts'
export { type CellRange, coneRanges, rangesHold, SKY_ORDER, skyCell } from './filters/skyRanges.ts'
export { starFeatures } from './filters/starFeatures.ts'
export { type CompiledFilter, type FilteredPosterior, parseFilter, type StarFilter } from './filters/starFilter.ts'
export { MAX_WATCHED, watchKey } from './filters/watchlist.ts'
export { fingerprintOf, schemasFingerprint } from './fingerprint.ts'
export { packageFile, packageRoot } from './packageRoot.ts'
export { isProbeSource, isProbeStar, PROBE_FILE, PROBE_SURVEY, probeSource } from './probe.ts'
export {
  derivedNames,
  inferredNames,
  isQuantity,
  observableNames,
  parameterNames,
  type Quantity,
  type QuantityRole,
  quantities,
  quantity,
  type StarClass,
  starClasses,
  youngClasses,
} from './quantities.ts'
export { pastSchemas, recordSchemas } from './recordSchemas.ts'
export type {
  ClassProbability,
  DeadLetter,
  Delivery,
  DeliveryTally,
  FuseChange,
  Gap,
  GroupLag,
  Heartbeat,
  LetterFile,
  Link,
  MaskBit,
  Measurement,
  Membership,
  Observation,
  PixelMask,
  PixelSpectrum,
  Pixels,
  Posterior,
  PosteriorPlaces,
  RawRow,
  Records,
  Sighting,
  SourceClaim,
  SourceRoute,
  Spectrum,
  SpectrumBand,
  SpectrumSegment,
  StageCount,
  Star,
  StarAlias,
  StarMeasurement,
  StarSource,
  StarSpectrum,
  StarSubscriptions,
  Subscription,
  SubscriptionEvent,
  SubscriptionWork,
  Summary,
  WavelengthLaw,
  XpBand,
} from './records.ts'
export {
  decodeSamples,
  encodePosterior,
  encodeSamples,
  type SampleColumns,
  type SampleOrigin,
  sampleColumn,
  samplesInRecord,
} from './samples.ts'
export { encodeSampleTable, type StarSamples } from './sampleTable.ts'
export { type SchemaVersion, schemaId, schemaVersion } from './schemaIds.ts'
export { spectrumSurveys } from './spectrumSurveys.ts'
export { aliasesOf, possibleAliases, splitSurvey } from './starAliases.ts'
export type {
  BandFlag,
  ErrorSource,
  RowFlag,
  Survey,
  SurveyId,
  SurveyLink,
  SurveyMeasurement,
  SurveyPosition,
  TypicalErr,
  UsableRange,
} from './survey.ts'
export { CELL_EPOCH_JYR, type RowOutcome, toObservation } from './surveyRow.ts'
export { columnUnits, readSurvey, surveyNames, typicalErr } from './surveys.ts'
export {
  ARCSEC_PER_DEG,
  C2_UM_K,
  CM_PER_AU,
  CM_PER_PC,
  CM_PER_RSUN,
  isUnit,
  loggDex,
  logLuminosityLsun,
  logRadiusRsun,
  MAG_PER_RELATIVE_FLUX,
  MAS_PER_ARCSEC,
  RAD_PER_ARCSEC,
  RAD_PER_DEG,
  STEFAN_BOLTZMANN,
  SUN_LOGG_DEX,
  SUN_TEFF_K,
  unitFactor,
} from './units.ts'

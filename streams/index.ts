// The public face of the streams: the log, its topics, and files read and written as tables.
export { BucketFile } from './files/bucketFile.ts'
export { cellText, parseDouble, parseLong } from './files/cellNumbers.ts'
export type { ColumnValues } from './files/checkedCells.ts'
export { type FilledColumn, type WrittenFile, writeColumnFile } from './files/columnFile.ts'
export {
  type BoundMap,
  bindColumnMap,
  type ColumnMap,
  type ColumnSource,
  type MappedRow,
  parseColumnMap,
  readColumnMap,
} from './files/columnMap.ts'
export { sha256OfFile } from './files/fileDigest.ts'
export { defaultFileLimits, type FileLimits } from './files/fileLimits.ts'
export { nearestNames } from './files/nearestNames.ts'
export { OutputFile, writeTextFile } from './files/outputFile.ts'
export { openSedCube, type SedCube } from './files/sedCube.ts'
export { readSettingsFile } from './files/settingsText.ts'
export type {
  BadRow,
  BatchOptions,
  Column,
  ColumnType,
  Progress,
  Row,
  TableBatch,
  TableFormat,
  TableReader,
  Value,
} from './files/table.ts'
export { encodeTable } from './files/tableBytes.ts'
export { type OpenOptions, openTable } from './files/tableReader.ts'
export { openTableWriter, type TableWriter, type WritableColumn, type WriteOptions } from './files/tableWriter.ts'
export { notWritten } from './files/unreadableFile.ts'
export { printVotable, type VotableSerialization } from './files/votableWriter.ts'
export type { PlacedYaml } from './files/yamlText.ts'
export { type BearerClient, createTokenSource, readTokenFile } from './kafka/bearerToken.ts'
export type { KafkaLogin, KafkaTls } from './kafka/kafkaAccess.ts'
export type {
  Log,
  LogBatch,
  LogKeeping,
  LogReader,
  LogRecord,
  Output,
  Position,
  ReadOptions,
  TopicExtent,
  Transaction,
} from './log.ts'
export {
  DEFAULT_MAX_RECORD_BYTES,
  type EmbeddedLogConfig,
  type KafkaLogConfig,
  type LogConfig,
  openLog,
} from './openLog.ts'
export {
  openSpectra,
  type SpectrumFile,
  type SpectrumOptions,
} from './spectra/openSpectra.ts'
export {
  MAX_SPECTRUM_BYTES,
  MAX_SPECTRUM_PIXELS,
  type SpectrumOutcome,
} from './spectra/spectrumFile.ts'
export { readSpectrumRow } from './spectra/spectrumRow.ts'
export { segmentWavelengths } from './spectra/spectrumSegment.ts'
export { readSyntheticGrid, type SyntheticSpectrum } from './spectra/syntheticGrid.ts'
export { comparedWith, registrySubjects, type Subject, type SubjectVersion } from './subjects.ts'
export { type Topic, topics } from './topics.ts'

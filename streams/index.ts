// The public face of the streams: the log, its topics, and files read and written as tables.
export type { BadRow, Column, ColumnType, Row, TableBatch, TableReader, Value } from './files/table.ts'
export { type OpenOptions, openTable } from './files/tableReader.ts'
export { openTableWriter, type TableWriter, type WritableColumn, type WriteOptions } from './files/tableWriter.ts'
export type {
  Log,
  LogBatch,
  LogReader,
  LogRecord,
  Output,
  Position,
  ReadOptions,
  TopicExtent,
  Transaction,
} from './log.ts'
export { DEFAULT_MAX_RECORD_BYTES, type EmbeddedLogConfig, type LogConfig, openLog } from './openLog.ts'
export { type Topic, topics } from './topics.ts'

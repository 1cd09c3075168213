// The process of one query: DuckDB with the stars and the files that were named, and nothing else in reach.
import { DuckDBInstance, type DuckDBType, DuckDBTypeId, type Json, StatementType } from '@duckdb/node-api'
import type { SqlCell, SqlJob, SqlReply } from './sqlJob.ts'

const MAX_REPLY_CHARACTERS = 64 * 2 ** 20

process.once('message', (job: SqlJob) => {
  answer(job)
    .catch((error: unknown): SqlReply => ({ refusal: sentence(error) }))
    .then(reply => process.send?.(reply, () => process.exit(0)))
})

async function answer({ query, dataset, isEmpty, joined, limits }: SqlJob): Promise<SqlReply> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: `${limits.memoryMb}MB`,
    // Nothing is written, not even what memory has no room for.
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
  const files = isEmpty ? `${dataset}/_common_metadata` : `${dataset}/*/*/*.parquet`
  await connection.run(`SET allowed_directories = [${quoted(`${dataset}/`)}]`)
  if (joined.length > 0)
    await connection.run(`SET allowed_paths = [${joined.map(({ path }) => quoted(path)).join(', ')}]`)
  await connection.run(`CREATE VIEW stars AS SELECT * FROM read_parquet(${quoted(files)}, hive_partitioning = false)`)
  for (const { table, path } of joined) {
    const reader = /\.parquet$/i.test(path) ? 'read_parquet' : 'read_csv'
    await connection.run(`CREATE VIEW "${table}" AS SELECT * FROM ${reader}(${quoted(path)})`)
  }
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
  const statements = await connection.extractStatements(query)
  if (statements.count !== 1) return { refusal: `it holds ${statements.count} statements: give one SELECT.` }
  const prepared = await statements.prepare(0)
  const { statementType } = prepared
  if (statementType !== StatementType.SELECT && statementType !== StatementType.EXPLAIN) {
    return { refusal: `it is ${StatementType[statementType]}, and only SELECT may be asked for.` }
  }
  const reader = await prepared.streamAndReadUntil(limits.rows + 1)
  const types = reader.columnTypes()
  const rows = reader.getRowsJson().map(row => row.map((cell, i) => plain(cell, types[i])))
  const columns = reader.columnNames().map((name, i) => ({ name, type: String(types[i]) }))
  const reply = { columns, rows: rows.slice(0, limits.rows), isMore: rows.length > limits.rows }
  if (JSON.stringify(reply).length > MAX_REPLY_CHARACTERS) {
    return { refusal: `its answer is larger than ${MAX_REPLY_CHARACTERS} characters: ask for fewer rows or columns.` }
  }
  return reply
}

/** DuckDB writes what JSON has no number for as text. */
function plain(cell: Json, type: DuckDBType): SqlCell {
  const isReal = type.typeId === DuckDBTypeId.DOUBLE || type.typeId === DuckDBTypeId.FLOAT
  return isReal && cell === 'NaN' ? null : cell
}

/** The first line: the others show the place in the query as it was expanded. */
function sentence(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n')
  return `${line.slice(0, 300).replace(/[.!]?$/, '')}.`
}

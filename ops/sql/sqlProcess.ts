// The process of one query: DuckDB with the stars and the files that were named, and nothing else in reach.
import { type DuckDBConnection, DuckDBInstance, type DuckDBType, DuckDBTypeId, type Json } from '@duckdb/node-api'
import { refusalOf } from './queryCheck.ts'
import type { SqlCell, SqlJob, SqlReply } from './sqlJob.ts'

const MAX_REPLY_CHARACTERS = 64 * 2 ** 20
/** What the process takes beside DuckDB's memory, which texts of a function are no part of. */
const SPARE_BYTES = 512 * 2 ** 20
const LOOK_MS = 50

process.once('message', (job: SqlJob) => {
  const reply = (one: SqlReply) => void process.send?.(one, () => process.exit(0))
  const most = job.limits.memoryMb * 2 ** 20 + SPARE_BYTES
  setInterval(() => {
    if (process.memoryUsage.rss() > most) reply({ refusal: 'It took more memory than it may: ask for less.' })
  }, LOOK_MS)
  answer(job)
    .catch((error: unknown): SqlReply => ({ refusal: sentence(error) }))
    .then(reply)
})

/** Paths are relative to the folder that the process runs in, so that no word of DuckDB's tells where it lies. */
async function answer({ query, views, isEmpty, joined, limits }: SqlJob): Promise<SqlReply> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: `${limits.memoryMb}MB`,
    // Nothing is written, not even what memory has no room for.
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  const files = isEmpty ? 'dataset/_common_metadata' : 'dataset/*/*/*.parquet'
  await connection.run("SET allowed_directories = ['dataset/']")
  if (joined.length > 0)
    await connection.run(`SET allowed_paths = [${joined.map(({ path }) => quoted(path)).join(', ')}]`)
  await connection.run(`CREATE VIEW stars AS SELECT * FROM read_parquet(${quoted(files)}, hive_partitioning = false)`)
  for (const { table, path } of joined) {
    const reader = /\.parquet$/i.test(path) ? 'read_parquet' : 'read_csv'
    await connection.run(`CREATE VIEW "${table}" AS SELECT * FROM ${reader}(${quoted(path)})`)
  }
  for (const { name, sql } of views) await connection.run(`CREATE VIEW "${name}" AS ${sql}`)
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
  const refusal = await refusalIn(connection, query, ['stars', ...joined.map(({ table }) => table)])
  if (refusal !== null) return { refusal }
  const reader = await connection.streamAndReadUntil(query, limits.rows + 1)
  const types = reader.columnTypes()
  const rows = reader.getRowsJson().map(row => row.map((cell, i) => plain(cell, types[i])))
  const columns = reader.columnNames().map((name, i) => ({ name, type: String(types[i]) }))
  const reply = { columns, rows: rows.slice(0, limits.rows), isMore: rows.length > limits.rows }
  if (JSON.stringify(reply).length > MAX_REPLY_CHARACTERS) {
    return { refusal: `Its answer is larger than ${MAX_REPLY_CHARACTERS} characters: ask for fewer rows or columns.` }
  }
  return reply
}

/** DuckDB makes a tree of nothing but SELECT, and runs nothing of it. */
async function refusalIn(
  connection: DuckDBConnection,
  query: string,
  tables: readonly string[],
): Promise<string | null> {
  const reader = await connection.runAndReadAll(`SELECT json_serialize_sql(${quoted(query)})`)
  const tree: SerializedQuery = JSON.parse(String(reader.getRows()[0][0]))
  if ('statements' in tree) return refusalOf(tree.statements, tables)
  if (tree.error_type === 'not implemented') return 'Only a SELECT may be asked for.'
  return sentence(tree.error_message)
}

type SerializedQuery =
  | { readonly statements: readonly unknown[] }
  | { readonly error_type: string; readonly error_message: string }

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

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

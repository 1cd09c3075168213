// Queries that mean harm, for whoever answers queries: each must be refused, touch nothing, and tell nothing of where things lie.
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export interface Traps {
  readonly queries: readonly string[]
  /** Nothing was written where the queries wanted it to be. */
  isUntouched(): boolean
}

/** @param dataFolder with a snapshot in it */
export function layTraps(dataFolder: string): Traps {
  const secret = join(dataFolder, 'secret.csv')
  writeFileSync(secret, 'a\n1\n')
  const all = join(dataFolder, 'snapshots')
  const dataset = join(all, readdirSync(all).filter(name => !name.includes('.'))[0], 'dataset')
  const link = join(dataset, 'link.csv')
  if (!existsSync(link)) symlinkSync(secret, link)
  const target = join(dataFolder, 'out.csv')
  const inside = join(dataset, 'new.csv')
  const database = join(dataFolder, 'new.db')
  return {
    queries: [
      ...files(dataFolder, secret, dataset),
      ...statements(target, inside, database, secret),
      ...tellers,
      ...smuggled(target, secret),
    ],
    isUntouched: () =>
      [target, inside, database].every(path => !existsSync(path)) && readFileSync(secret, 'utf8') === 'a\n1\n',
  }
}

const files = (folder: string, secret: string, dataset: string) => [
  `SELECT * FROM read_csv('${secret}')`,
  `SELECT * FROM read_csv_auto('${secret}')`,
  `SELECT * FROM '${secret}'`,
  `SELECT * FROM "${secret}"`,
  `SELECT * FROM read_text('${secret}')`,
  `SELECT * FROM read_blob('${secret}')`,
  `SELECT * FROM read_json('${secret}')`,
  `SELECT * FROM read_ndjson_objects('${secret}')`,
  `SELECT * FROM read_parquet('${join(dataset, '..', '..', '..', 'secret.csv')}')`,
  "SELECT * FROM read_parquet('dataset/../../../secret.csv')",
  "SELECT filename FROM read_parquet('dataset/*/*/*.parquet', filename = true)",
  "SELECT * FROM read_csv('dataset/link.csv')",
  "SELECT * FROM 'dataset/link.csv'",
  "SELECT * FROM parquet_metadata('dataset/*/*/*.parquet')",
  `SELECT * FROM glob('${folder}/*')`,
  "SELECT * FROM glob('*')",
  `SELECT * FROM sniff_csv('${secret}')`,
  "SELECT * FROM read_csv('http://127.0.0.1:1/a.csv')",
  "SELECT * FROM 'https://127.0.0.1:1/a.parquet'",
  "SELECT * FROM '/proc/self/environ'",
]

const statements = (target: string, inside: string, database: string, secret: string) => [
  `COPY stars TO '${target}'`,
  `COPY (SELECT 1) TO '${inside}'`,
  `COPY stars FROM '${secret}'`,
  `EXPORT DATABASE '${target}'`,
  `IMPORT DATABASE '${target}'`,
  `ATTACH '${database}'`,
  'DETACH memory',
  'USE system',
  'INSTALL httpfs',
  'LOAD httpfs',
  "SET memory_limit = '64GB'",
  'SET enable_external_access = true',
  'RESET lock_configuration',
  "PRAGMA memory_limit = '64GB'",
  'PRAGMA database_list',
  'CREATE TABLE t (a INTEGER)',
  'CREATE MACRO m() AS TABLE SELECT 1',
  "CREATE SECRET s (TYPE s3, KEY_ID 'a')",
  'DROP VIEW stars',
  'INSERT INTO stars SELECT * FROM stars',
  'DELETE FROM stars',
  'PREPARE p AS SELECT 1',
  'CALL duckdb_settings()',
  'CHECKPOINT',
  'BEGIN TRANSACTION',
  'EXPLAIN SELECT * FROM stars',
  'EXPLAIN ANALYZE SELECT * FROM cone(1, 2, 3)',
]

/** What DuckDB tells of itself, of the machine and of the views that stand for the files. */
const tellers = [
  'SELECT * FROM duckdb_settings()',
  'FROM duckdb_settings',
  'SELECT sql FROM duckdb_views()',
  'SELECT * FROM duckdb_databases()',
  'SELECT * FROM duckdb_secrets()',
  'SELECT * FROM duckdb_extensions()',
  'SELECT * FROM pragma_database_list',
  'SELECT * FROM information_schema.tables',
  'SELECT * FROM sqlite_master',
  'SELECT * FROM pg_catalog.pg_views',
  'SELECT * FROM pg_views',
  'SHOW TABLES',
  'SHOW ALL TABLES',
  'SHOW DATABASES',
  'SELECT * FROM (SHOW TABLES)',
  'SUMMARIZE duckdb_settings',
  "DESCRIBE FROM read_csv('dataset/link.csv')",
  "SELECT current_setting('allowed_directories')",
  `SELECT "CURRENT_SETTING"('secret_directory')`,
  "SELECT 'home_directory'.current_setting()",
  "SELECT system.main.current_setting('allowed_directories')",
  "SELECT list_transform(['threads'], x -> current_setting(x))",
  "SELECT getenv('HOME')",
  'SELECT pg_get_viewdef(0)',
  "SELECT write_log('a')",
]

/** The same by other doors. */
const smuggled = (target: string, secret: string) => [
  `SELECT * FROM query('COPY (SELECT 1) TO ''${target}''')`,
  "SELECT * FROM query('FROM duckdb_settings()')",
  "SELECT * FROM query_table('stars')",
  "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('FROM duckdb_settings()'))",
  "SELECT json_execute_serialized_sql('{}')",
  'WITH a AS (WITH duckdb_views AS (SELECT 1) SELECT 1) SELECT * FROM duckdb_views',
  `WITH a AS (WITH "${secret}" AS (SELECT 1) SELECT 1) SELECT * FROM "${secret}"`,
  'SELECT (SELECT count(*) FROM duckdb_settings())',
  'SELECT 1 FROM stars ORDER BY (SELECT count(*) FROM duckdb_settings())',
  'SELECT 1 FROM stars LIMIT (SELECT count(*) FROM duckdb_settings())',
  'SELECT 1 UNION SELECT count(*) FROM duckdb_settings()',
  'SELECT 1 WHERE EXISTS (FROM duckdb_settings())',
  'PIVOT duckdb_settings ON name IN (1) USING count(*)',
  `SELECT 1; COPY (SELECT 1) TO '${target}'`,
  `SELECT 1 /* ; */; COPY (SELECT 1) TO '${target}' --`,
  `SELECT * FROM cone(1, 2, 3) UNION SELECT * FROM read_csv('${secret}')`,
  "SELECT * FROM cone(1, 2, '3) --')",
  'SELECT * FROM cone(1, 2, 3/**/)',
  'SELECT * FROM "cone 1"',
  "SELECT error(current_setting('allowed_directories'))",
  'SELECT ?',
  '   ',
  'SELECT',
  'SELECT \u0000',
  'x'.repeat(20_001),
]

/** Whether a sentence holds a path that the query did not bring along. */
export function tellsOfPlace(text: string, query: string, dataFolder: string): boolean {
  return [dataFolder, homedir(), process.cwd(), 'snapshots'].some(path => text.includes(path) && !query.includes(path))
}

/** Asks all, so many at a time. */
export async function askAll(
  queries: readonly string[],
  atOnce: number,
  ask: (query: string) => Promise<void>,
): Promise<void> {
  const waiting = [...queries]
  const worker = async () => {
    for (let query = waiting.pop(); query !== undefined; query = waiting.pop()) await ask(query)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

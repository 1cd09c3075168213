// What a query may name, read from its syntax tree: the tables that it is given, and nothing that tells of the machine.
// Each query loads it in a process of its own: it imports nothing.

/** What a query calls a cone of it, with a space: no table of a user is called so. */
export const coneName = (count: number) => `cone ${count}`
const isConeName = (name: string) => /^cone \d+$/.test(name)

/** An object of the tree that DuckDB's `json_serialize_sql` makes; expressions have a class, tables and selections none. */
interface TreeNode {
  readonly type?: unknown
  readonly class?: unknown
  readonly [field: string]: unknown
}

/** Selections and tables, beside those that are looked at by name. */
const plainNodes = new Set([
  ...['SELECT_NODE', 'SET_OPERATION_NODE', 'CTE_NODE', 'RECURSIVE_CTE_NODE'],
  ...['SUBQUERY', 'JOIN', 'EMPTY', 'EXPRESSION_LIST', 'PIVOT'],
])
const tableFunctions = new Set(['range', 'generate_series', 'unnest'])
/** Functions of DuckDB that tell of settings and catalogues, or write. */
const closedFunctions =
  /^(pg_|duckdb_|pragma_|read_|json_execute|current_setting$|set_config$|getenv$|write_log$|glob$)/
/** What DuckDB's own tables are called: a name of the query's own must hide none. */
const systemNames = /^(pg_|duckdb_|pragma_|sqlite_|information_schema$)/

const CONE = 'cone(ra, dec, radius) stands for a table, given as three numbers: write it after FROM or JOIN.'

/**
 * @param statements of the tree of a query
 * @param given names of the tables that may be read, in lower case
 * @returns why the query is refused, a sentence; null where it may be run
 */
export function refusalOf(statements: readonly unknown[], given: readonly string[]): string | null {
  if (statements.length !== 1) return `It holds ${statements.length} statements: give one SELECT.`
  const nodes = [...nodesOf(statements[0])]
  const own = nodes.flatMap(({ cte_map }) => namesOf(cte_map))
  const reserved = own.find(name => systemNames.test(name) || !/^\w+$/.test(name))
  if (reserved !== undefined) return `No part of a query can be called ${shown(reserved)}: give it another name.`
  const tables = new Set([...given, ...own])
  for (const node of nodes) {
    const refusal = refusalOfNode(node, tables)
    if (refusal !== null) return refusal
  }
  return null
}

function refusalOfNode(node: TreeNode, tables: ReadonlySet<string>): string | null {
  if (node.class === 'FUNCTION') {
    const name = lower(node.function_name)
    if (name === 'cone') return CONE
    return closedFunctions.test(name) ? `The function ${shown(name)} is closed to queries.` : null
  }
  if (node.class === 'COLUMN_REF') return (node.column_names as string[]).some(isConeName) ? CONE : null
  // Only a selection and a table can be sampled.
  if (node.class !== undefined || !('sample' in node)) return null
  const type = String(node.type)
  if (type === 'BASE_TABLE') {
    const name = lower(node.table_name)
    const isGiven = node.schema_name === '' && node.catalog_name === '' && tables.has(name)
    if (isGiven || isConeName(name)) return null
    const known = [...tables].map(one => `"${one}"`).join(', ')
    return `There is no table ${shown(name)}: a query reads ${known} and cone(ra, dec, radius).`
  }
  if (type === 'TABLE_FUNCTION') {
    const name = lower((node.function as TreeNode).function_name)
    if (name === 'cone') return CONE
    return tableFunctions.has(name) ? null : `The function ${shown(name)} is closed to queries.`
  }
  // DESCRIBE and SUMMARIZE of a selection that is looked at itself; SHOW has none.
  if (type === 'SHOW_REF' && node.query !== null) return null
  return plainNodes.has(type) ? null : `${type} is closed to queries: give a SELECT.`
}

function* nodesOf(tree: unknown): Generator<TreeNode> {
  const waiting: unknown[] = [tree]
  while (waiting.length > 0) {
    const one = waiting.pop()
    if (typeof one !== 'object' || one === null) continue
    if (!Array.isArray(one)) yield one as TreeNode
    waiting.push(...Object.values(one))
  }
}

function namesOf(map: unknown): readonly string[] {
  if (map === undefined || map === null) return []
  return (map as { readonly map: readonly { readonly key: string }[] }).map.map(({ key }) => key.toLowerCase())
}

const lower = (name: unknown) => String(name).toLowerCase()
const shown = (name: string) => JSON.stringify(name.slice(0, 60))

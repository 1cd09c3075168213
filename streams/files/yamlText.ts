// YAML from strangers: nothing is printed, nothing is executed, and aliases that multiply without end are refused.
import { parseDocument } from 'yaml'

/**
 * Plain data out of YAML, of which JSON is a part; tags nobody knows are passed over.
 * @param onProblem told what is wrong with it
 * @returns `undefined` when it is broken
 */
export function parseYaml(text: string, version: '1.1' | '1.2', onProblem?: (problem: string) => void): unknown {
  const document = parseDocument(text, { logLevel: 'silent', version })
  const [first] = document.errors
  if (first !== undefined) {
    onProblem?.(first.message.split('\n')[0])
    return undefined
  }
  try {
    return document.toJS()
  } catch (error) {
    onProblem?.(error instanceof Error ? error.message : String(error))
    return undefined
  }
}

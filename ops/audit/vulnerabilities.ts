// What the registry knows of vulnerabilities, where it answers such questions at all.
import { spawnSync } from 'node:child_process'

export type VulnerabilityAnswer =
  | { readonly kind: 'answered'; readonly counts: Readonly<Record<string, number>>; readonly grave: readonly string[] }
  /** The registry has no such endpoint, or cannot be reached. */
  | { readonly kind: 'unanswered'; readonly reason: string }

const PATIENCE_MS = 120_000
const grave = ['high', 'critical']

/** Asks by npm, of production packages. */
export function askRegistry(root: string): VulnerabilityAnswer {
  const args = ['audit', '--omit=dev', '--json', '--audit=true']
  const { stdout, error } = spawnSync('npm', args, {
    ...{ cwd: root, encoding: 'utf8', timeout: PATIENCE_MS, maxBuffer: 2 ** 26 },
    shell: process.platform === 'win32',
  })
  if (error !== undefined) return { kind: 'unanswered', reason: `npm did not answer (${error.message})` }
  return readAnswer(stdout)
}

/** The output of `npm audit --json`. */
export function readAnswer(text: string): VulnerabilityAnswer {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return { kind: 'unanswered', reason: 'npm said nothing that can be read' }
  }
  const { metadata, vulnerabilities, statusCode, message, error } = (answer ?? {}) as {
    readonly metadata?: { readonly vulnerabilities?: Readonly<Record<string, number>> }
    readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range?: string }>>
    readonly statusCode?: number
    readonly message?: string
    readonly error?: { readonly code?: string; readonly summary?: string }
  }
  const counts = metadata?.vulnerabilities
  if (counts === undefined || vulnerabilities === undefined) {
    // The address of the registry need not be repeated.
    const said = statusCode ?? error?.code ?? (message ?? error?.summary ?? 'an answer of another kind').split(' - ')[0]
    return { kind: 'unanswered', reason: `it answered ${said}` }
  }
  const found = Object.entries(vulnerabilities).filter(([, { severity }]) => grave.includes(severity))
  return {
    kind: 'answered',
    counts,
    grave: found.map(([name, { severity, range }]) => `${name} ${range ?? ''} has a vulnerability that is ${severity}`),
  }
}

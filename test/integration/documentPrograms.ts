// The programs of our documents, word for word: what others are told must work.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished } from 'vitest'
import { packageFile } from '../../schemas/index.ts'

/** The blocks of a language in a document of docs/. */
export function blocksOf(document: string, language: string): readonly string[] {
  const text = readFileSync(packageFile('docs', document), 'utf8')
  const blocks = Array.from(text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs')), ([, block]) => block)
  expect(blocks.length, `${document} has no ${language}`).toBeGreaterThan(0)
  return blocks
}

/** Runs a command to its end. @throws Error with the remedy and what it said, where it fails */
export function runProgram(command: string, args: readonly string[], remedy: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${remedy}: ${error?.message ?? `${stdout}${stderr}`.slice(-2000)}`)
}

/** The Python of a fresh environment with the packages that documents name. */
export function openPython(folder: string, ...documents: readonly string[]): string {
  const blocks = documents.flatMap(document => blocksOf(document, 'sh'))
  const named = blocks.flatMap(block => Array.from(block.matchAll(/"([^"]+==[^"]+)"/g), ([, name]) => name))
  expect(named.length).toBeGreaterThan(0)
  return openPackages(folder, [...new Set(named)])
}

/** @param packages each with its version, as pip takes them */
export function openPackages(folder: string, packages: readonly string[]): string {
  const venv = ['-m', 'venv', folder]
  runProgram(
    'python3',
    venv,
    'What is written in Python needs python3 with venv (Debian: apt-get install python3-venv)',
  )
  const python = join(folder, 'bin', 'python')
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]
  runProgram(python, pip, `pip could not install ${packages.join(' ')}; check the network`)
  return python
}

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Which lines count. */
  readonly isWanted?: (line: string) => boolean
}

/** Programs that wait for more than comes are ended, so that what they printed can be told. */
const PATIENCE_MS = 90_000

/** The first lines that a program prints; it is ended with the test. */
export async function linesOf(
  command: string,
  args: readonly string[],
  count: number,
  { env = {}, isWanted = () => true }: ProgramOptions = {},
): Promise<readonly string[]> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let complaint = ''
  child.stderr.on('data', bytes => {
    complaint += bytes
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (isWanted(line)) lines.push(line)
    if (lines.length === count) break
  }
  expect(lines.length, `${complaint.slice(-2000)}\n${lines.slice(-3).join('\n')}`).toBe(count)
  return lines
}

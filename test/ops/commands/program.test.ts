import { readdirSync, readFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import type { CommandSpec } from '../../../ops/commands/commandSpec.ts'
import { commandTable } from '../../../ops/commands/commandTable.ts'
import { type Invocation, parseCommandLine } from '../../../ops/commands/program.ts'
import { packageFile } from '../../../schemas/index.ts'

/** Runs the parser; `shown` gathers what it writes, even where it throws. */
function parse(argv: readonly string[], shown: string[] = []): Invocation | null {
  const write = (text: string) => void shown.push(text)
  return parseCommandLine(argv, '1.2.3', { writeOut: write, writeErr: write })
}

function refusal(argv: readonly string[], shown: string[] = []): CommanderError {
  try {
    parse(argv, shown)
  } catch (error) {
    if (error instanceof CommanderError) return error
    throw error
  }
  throw new Error('the command line was taken')
}

/** Every command that can be called, as the words that call it. */
function paths(specs: readonly CommandSpec[], before: readonly string[] = []): readonly (readonly string[])[] {
  return specs.flatMap(spec => [
    ...(spec.load === undefined ? [] : [[...before, spec.name]]),
    ...paths(spec.commands ?? [], [...before, spec.name]),
  ])
}

for (const path of paths(commandTable)) {
  test(`the help of ${path.join(' ')} shows its options, those of every command, and an example of itself`, () => {
    const written: string[] = []
    const error = refusal([...path, '--help'], written)
    const shown = written.join('')
    expect(error.exitCode).toBe(0)
    expect(shown).toContain('--json')
    expect(shown).toContain('Examples:')
    expect(shown).toContain(`birthline ${path.join(' ')}`)
  })

  test(`the code of ${path.join(' ')} is there`, async () => {
    const spec = path.reduce<CommandSpec | undefined>(
      (found, name) => (found?.commands ?? commandTable).find(one => one.name === name),
      undefined,
    )
    expect(typeof (await spec?.load?.())).toBe('function')
  })
}

/** Splits as a shell does, as far as our examples need it. */
function words(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain)
}

test('every example of the help, the README and the docs is a command line that is understood', () => {
  const pages = ['README.md', ...readdirSync(packageFile('docs')).map(file => `docs/${file}`)]
  const texts = pages.filter(file => file.endsWith('.md')).map(file => readFileSync(packageFile(file), 'utf8'))
  const lines = texts.flatMap(text => text.split('\n').filter(line => /^ *npx birthline [a-z]/.test(line)))
  const inHelp = (specs: readonly CommandSpec[]): readonly string[] =>
    specs.flatMap(spec => [...spec.examples, ...inHelp(spec.commands ?? [])])
  const examples = [...lines.map(line => line.replace(/ #.*/, '').replace(/^ *npx /, '')), ...inHelp(commandTable)]
  expect(lines.length).toBeGreaterThan(10)
  for (const example of examples) {
    expect([example, parse(words(example).slice(1)) !== null]).toEqual([example, true])
  }
})

test('options of the program are understood before and after the command', () => {
  for (const argv of [
    ['--data', 'x', '--json', 'star', '12'],
    ['star', '12', '--json', '--data', 'x'],
  ]) {
    expect(parse(argv)).toMatchObject({ args: ['12'], values: { data: 'x', json: true } })
  }
})

test('the words of a designation need no quotes', () => {
  expect(parse(['star', 'Gaia', 'DR3', '12'])?.args).toEqual(['Gaia', 'DR3', '12'])
})

test('without a command the help is shown', () => {
  const shown: string[] = []
  expect(parse([], shown)).toBeNull()
  expect(shown.join('')).toContain('Usage: birthline')
})

for (const [argv, word] of [
  [['ingests'], 'ingest'],
  [['star'], 'id'],
  [['ingest', 'f.csv'], '--survey'],
  [['infer', 'f.csv', '--map', 'm.yaml'], '--out'],
  [['watch', '--clas', 'young'], '--class'],
  [['dead-letters', 'lost'], 'list'],
  [['dead-letters'], 'list, show, redrive'],
  [['train'], 'pilot, '],
  [['export', '--out'], '--out'],
] as const) {
  test(`\`${argv.join(' ')}\` is refused and the message names ${word}`, () => {
    const error = refusal(argv)
    expect(error.exitCode).not.toBe(0)
    expect(error.message).toContain(word)
  })
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codeOnly, exportedFunctions, filesUnder, root, type SourceFile, sourceFiles } from './sourceTree.ts'

const endings = ['.ts', '.tsx', '.mjs', '.md', '.json', '.avsc', '.py', '.yaml', '.yml', '.sh']

const banned: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.~])\/(?:work|tmp|home|root|Users|private|var\/folders)\/\w/, 'a path of one machine'],
  [/\b[A-Z]:\\\\?Users/, 'a path of one machine'],
  [/\b(?:registry\.npmjs|files\.pythonhosted|static\.crates|deb\.debian)\./, 'the name of a package host'],
  [/\b(?:TODO|FIXME|XXX|HACK)\b/, 'work left to do'],
  [/\b(?:test|it|describe|suite)\s*\.\s*(?:only|skip|todo|skipIf|runIf|fails)\b/, 'a test that is left out'],
]

/**
 * Chance and time are arguments below ops; reading them from the air would make a run impossible to repeat.
 * How long a step took may be measured (`performance.now`): it is reported and decides nothing.
 */
const bannedBelowOps: readonly (readonly [RegExp, string])[] = [
  [/\bMath\.random\(/, 'chance that no seed governs'],
  [/\bDate\.now\(|\bnew Date\(\s*\)/, 'a clock that no test can set'],
  [/\bconsole\.\w/, 'printing, which is for ops'],
  [/\bprocess\.(?:env|argv|stdout|stderr|exit)\b/, 'the environment, which is for ops'],
]

/** The one place below ops that reads the system's clock. */
const clockFile = 'actors/clock.ts'

function textFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const faults = banned.filter(([pattern]) => pattern.test(text)).map(([, what]) => `${path}: ${what}`)
    if (/^(?:schemas|streams|models|actors)\/.*\.ts$/.test(path) && path !== clockFile) {
      const code = codeOnly(text)
      for (const [pattern, what] of bannedBelowOps) if (pattern.test(code)) faults.push(`${path}: ${what}`)
    }
    if (/\.(?:tsx?|mjs)$/.test(path) && !path.startsWith('test/') && !/^(?:#!.*\n)?(?:\/\/|\/\*)/.test(text)) {
      faults.push(`${path}: no line that says what it is`)
    }
    return faults
  })
}

/** Chance of properties has a seed too: what fails on one machine fails on all. */
function unseeded({ path, text }: SourceFile): string[] {
  const code = codeOnly(text)
  return Array.from(code.matchAll(/\bfc\.(?:assert|sample|check)\(/g), ({ index }) => index)
    .filter(start => !/\bseed:|\boptions\b/.test(callAt(code, start)))
    .map(start => `${path}: a property without a seed in line ${code.slice(0, start).split('\n').length}`)
}

/** From there to the bracket that closes the first one. */
function callAt(code: string, start: number): string {
  let depth = 0
  for (let at = start; at < code.length; at++) {
    if (code[at] === '(') depth += 1
    if (code[at] === ')' && --depth === 0) return code.slice(start, at)
  }
  return code.slice(start)
}

function ownText(): SourceFile[] {
  const top = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    '.ci/run',
  ]
  return [
    ...['schemas', 'streams', 'models', 'actors', 'ops', 'test', 'docs'].flatMap(room => filesUnder(room, endings)),
    ...top
      .filter(path => existsSync(join(root, path)))
      .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  ].filter(({ path }) => !path.startsWith('test/rules/'))
}

test('no machine paths, no package hosts, no work left to do, no test left out, no hidden clock or chance', () => {
  expect(textFaults(ownText())).toEqual([])
})

test('every property that is tried by chance has a seed', () => {
  expect(
    ownText()
      .filter(({ path }) => path.startsWith('test/'))
      .flatMap(unseeded),
  ).toEqual([])
  const text = 'fc.assert(fc.property(a, f))\nfc.assert(fc.property(a, f), { seed: 1 })\nfc.assert(p(), options)\n'
  expect(unseeded({ path: 'test/a.test.ts', text })).toEqual(['test/a.test.ts: a property without a seed in line 1'])
})

test('every exported function of the models has a docstring', () => {
  const bare = sourceFiles()
    .filter(({ path }) => path.startsWith('models/'))
    .flatMap(file =>
      exportedFunctions(file)
        .filter(({ isDescribed }) => !isDescribed)
        .map(({ name }) => `${file.path}: ${name}`),
    )
  expect(bare).toEqual([])
  const text = '// What it is.\n\n/** Adds. */\nexport function add() {}\n\nexport function bare() {}\n'
  expect(exportedFunctions({ path: 'models/a.ts', text })).toEqual([
    { name: 'add', isDescribed: true },
    { name: 'bare', isDescribed: false },
  ])
})

test('each rule about text can fail', () => {
  const faults = (path: string, text: string) => textFaults([{ path, text: `// What it is.\n${text}` }])
  expect(faults('ops/a.ts', "const path = '/home/somebody/data'")).toHaveLength(1)
  expect(faults('ops/a.ts', "const path = './home/somebody', other = 'a/tmp/b'")).toEqual([])
  expect(faults('ops/a.ts', '// TODO: finish')).toHaveLength(1)
  expect(faults('test/a.test.ts', "test.skip('x', () => {})")).toHaveLength(1)
  expect(faults('models/a.ts', 'const x = Math.random()')).toHaveLength(1)
  expect(faults('streams/a.ts', 'const now = Date.now()')).toHaveLength(1)
  expect(faults('actors/a.ts', 'console.log(1)')).toHaveLength(1)
  expect(faults('schemas/a.ts', 'const x = process.env')).toHaveLength(1)
  expect(faults('ops/a.ts', 'console.log(Date.now(), process.env)')).toEqual([])
  expect(faults('models/a.ts', '// Date.now() is not read here.')).toEqual([])
  expect(textFaults([{ path: 'models/a.ts', text: 'export const a = 1\n' }])).toHaveLength(1)
})

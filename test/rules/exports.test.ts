import { expect, test } from 'vitest'
import { codeOnly, type SourceFile, sourceFiles } from './sourceTree.ts'

/** Values (types left out) that an index lists. */
function listed(index: SourceFile): string[] {
  const code = codeOnly(index.text, true)
  return Array.from(code.matchAll(/\bexport\s*\{([^}]*)\}/g), match => match[1])
    .flatMap(names => names.split(','))
    .map(name => name.trim())
    .filter(name => name !== '' && !name.startsWith('type '))
    .map(name => name.replace(/^.*\sas\s+/, ''))
}

function unnamed(indexes: readonly SourceFile[], tests: readonly SourceFile[]): string[] {
  const words = new Set(tests.flatMap(file => codeOnly(file.text).match(/\w+/g) ?? []))
  return indexes.flatMap(index =>
    listed(index)
      .filter(name => !words.has(name))
      .map(name => `${index.path}: ${name}`),
  )
}

test('every value that a room shows to others is named by a test', () => {
  const files = sourceFiles()
  const indexes = files.filter(({ path }) => /^\w+\/index\.ts$/.test(path))
  expect(indexes.map(({ path }) => path)).toEqual([
    'schemas/index.ts',
    'streams/index.ts',
    'models/index.ts',
    'actors/index.ts',
  ])
  expect(
    unnamed(
      indexes,
      files.filter(({ path }) => path.startsWith('test/')),
    ),
  ).toEqual([])
})

test('a value that no test names is found, a type and a comment do not count', () => {
  const index = {
    path: 'models/index.ts',
    text: "export { a, type B, c as d } from './a.ts'\nexport type { E } from './e.ts'",
  }
  const named = { path: 'test/a.test.ts', text: "import { a } from '../models/a.ts' // d" }
  expect(unnamed([index], [named])).toEqual(['models/index.ts: d'])
})

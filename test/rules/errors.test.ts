import { expect, test } from 'vitest'
import { errorCodes } from '../../schemas/index.ts'
import { codeOnly, type SourceFile, sourceFiles } from './sourceTree.ts'

function codesMissing(codes: readonly string[], files: readonly SourceFile[]): string[] {
  const text = files.map(file => codeOnly(file.text, true)).join('\n')
  return codes.filter(code => !text.includes(`'${code}'`))
}

const files = sourceFiles()

test('every error code is raised by the product', () => {
  const product = files.filter(({ path }) => !path.startsWith('test/') && path !== 'schemas/errors.ts')
  expect(codesMissing(errorCodes, product)).toEqual([])
})

test('every error code is asked for by a test', () => {
  const tests = files.filter(({ path }) => path.startsWith('test/'))
  // The test of the list itself names codes without anything being wrong.
  const raising = tests.filter(({ path }) => path !== 'test/schemas/errors.test.ts')
  expect(codesMissing(errorCodes, raising)).toEqual([])
})

test('a code that nobody raises is found, and one in a comment does not count', () => {
  const file = { path: 'a.ts', text: "throw new FusionError('LOG_FULL', 'x') // 'LOG_FENCED'" }
  expect(codesMissing(['LOG_FULL', 'LOG_FENCED'], [file])).toEqual(['LOG_FENCED'])
})

test('no sentence tells its reader of a limit that only code can set', () => {
  const told = /\braise max[A-Z]|\bshorten the retention/
  const telling = files.filter(({ path, text }) => !path.startsWith('test/') && told.test(text))
  expect(telling.map(({ path }) => path)).toEqual([])
  expect(told.test('raise maxRecordBytes')).toBe(true)
})

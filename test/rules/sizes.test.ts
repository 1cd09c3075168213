import { expect, test } from 'vitest'
import { type SourceFile, sourceFiles } from './sourceTree.ts'

const LINE_LIMIT = 400
/** Nobody reads through what a program wrote: its origin stands in its first line. */
const isGenerated = ({ text }: SourceFile) => text.startsWith('// Generated from ')

function tooLong(files: readonly SourceFile[]): string[] {
  return files
    .filter(file => !isGenerated(file))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > LINE_LIMIT)
    .map(({ path, lines }) => `${path}: ${lines} lines`)
}

test('no source file is longer than 400 lines', () => {
  expect(tooLong(sourceFiles())).toEqual([])
})

test('half of the source files are at most 150 lines long', () => {
  const lengths = sourceFiles()
    .filter(({ path }) => !path.startsWith('test/'))
    .map(({ text }) => text.split('\n').length)
    .sort((a, b) => a - b)
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(150)
})

test('a file of 401 lines is found, one of 400 is not', () => {
  const file = (lines: number) => ({ path: 'a.ts', text: 'x\n'.repeat(lines) })
  expect(tooLong([file(401)])).toEqual(['a.ts: 401 lines'])
  expect(tooLong([file(400)])).toEqual([])
  expect(tooLong([{ path: 'a.ts', text: `// Generated from b.\n${'x\n'.repeat(400)}` }])).toEqual([])
})

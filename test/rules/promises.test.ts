import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './sourceTree.ts'

/** A test that is named after its file, up to the next semicolon, closing bracket or end of the sentence. */
const references = /`(test\/[^`]+\.ts)`:\s+([^;]+?)(?=;\s|\)[;.]|$)/g

interface Promised {
  readonly sentence: string
  readonly tests: readonly { readonly path: string; readonly title: string }[]
}

/** The sentences of the page: its list items, up to the part of what is not promised. */
function promisesOf(page: string): readonly Promised[] {
  return page
    .split(/\n## What is not promised/)[0]
    .split(/\n(?=- |## )/)
    .filter(part => part.startsWith('- '))
    .map(part => {
      const text = part.replace(/\s+/g, ' ').trim()
      const tests = Array.from(text.matchAll(references), match => ({ path: match[1], title: match[2].trim() }))
      return { sentence: text.slice(2, 70), tests }
    })
}

/** What is wrong with the page, in words. */
function promiseFaults(page: string, read: (path: string) => string | null): string[] {
  const faults = promisesOf(page)
    .filter(({ tests }) => tests.length === 0)
    .map(({ sentence }) => `no test: ${sentence}`)
  const text = page.replace(/\s+/g, ' ')
  const named = [...promisesOf(page).flatMap(({ tests }) => tests)]
  const unpromised = text.split('## What is not promised')[1] ?? ''
  for (const match of unpromised.matchAll(references)) named.push({ path: match[1], title: match[2].trim() })
  for (const { path, title } of named) {
    const code = read(path)
    if (code === null) faults.push(`no file: ${path}`)
    // As a whole string of the code: a part of a longer title is another one.
    else if (![`'${title}'`, `"${title}"`, `\`${title}\``].some(quoted => code.includes(quoted)))
      faults.push(`no test of that title in ${path}: ${title}`)
  }
  return faults
}

const readTest = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null)

test('every promise names tests that are there', () => {
  const page = readFileSync(join(root, 'docs', 'promises.md'), 'utf8')
  expect(promisesOf(page).length).toBeGreaterThan(25)
  expect(promiseFaults(page, readTest)).toEqual([])
})

test('a promise without a test, and one whose file or title is not there, are found', () => {
  const read = (path: string) => (path === 'test/a.test.ts' ? "test('one: two', f)\ntest('three', f)" : null)
  const faults = (...lines: string[]) => promiseFaults(`# Page\n\n${lines.join('\n')}\n`, read)
  expect(faults('- A. `test/a.test.ts`: one: two;', '  `test/a.test.ts`: three', '', '## Next', '', '- B.')).toEqual([
    'no test: B.',
  ])
  expect(faults('- A. `test/b.test.ts`: one: two')).toEqual(['no file: test/b.test.ts'])
  expect(faults('- A. `test/a.test.ts`: one')).toEqual(['no test of that title in test/a.test.ts: one'])
  expect(faults('## What is not promised', '', '- C (`test/a.test.ts`: four); more.', '- D.')).toEqual([
    'no test of that title in test/a.test.ts: four',
  ])
})

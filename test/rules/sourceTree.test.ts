import { expect, test } from 'vitest'
import { codeOnly, importsOf, resolved } from './sourceTree.ts'

test('comments, strings, templates and regular expressions are blanked, code inside templates is not', () => {
  expect(codeOnly("a // b\nc /* d\ne */ f 'g' h")).toBe("a     \nc     \n     f ' ' h")
  const nested = ['x = `a $', '{b + `c $', '{d}`} e` + f'].join('')
  expect(codeOnly(nested).replace(/\s+/g, ' ')).toBe('x = b + d + f')
  expect(codeOnly("x = y.replace(/['/]/g, '') // it's").replace(/\s+/g, ' ').trim()).toBe("x = y.replace( g, '')")
  expect(codeOnly('a = b / c / d')).toBe('a = b / c / d')
  expect(codeOnly("x = 'it\\'s' + y")).toBe("x = '     ' + y")
})

test('imports of every form are found with their paths', () => {
  const text = [
    "import a from 'a'",
    "import type { B } from './b.ts'",
    "import {\n  c,\n  type D,\n} from '../c.ts'",
    "import * as e from 'e/f'",
    "export { g } from './g.ts'",
    "export type { H } from './h.ts'",
    "import 'i'",
    "const j = await import('./j.ts')",
    "let k: import('k').K",
  ].join('\n')
  const found = importsOf({ path: 'models/x.ts', text }).map(one => one.target)
  expect(found.sort()).toEqual(['../c.ts', './b.ts', './g.ts', './h.ts', './j.ts', 'a', 'e/f', 'i', 'k'])
  expect(resolved({ from: 'models/math/x.ts', target: '../../schemas/index.ts' })).toBe('schemas/index.ts')
})

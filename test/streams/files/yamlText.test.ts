import { expect, test } from 'vitest'
import { parseYaml } from '../../../streams/files/yamlText.ts'

function problemOf(text: string): string {
  let told = 'none'
  expect(
    parseYaml(text, '1.2', problem => {
      told = problem
    }),
  ).toBeUndefined()
  return told
}

test('nesting without end is refused before the stack or the process ends', () => {
  for (const piece of ['[', '{', '- ', '? ', '[a, ', 'a: [\n']) {
    expect(problemOf(piece.repeat(50_000))).toBe('it is nested deeper than 200 levels')
  }
  for (const text of ['{a: b}"a": ', '[\na:\n', `[${'a: '.repeat(150)}`, `{${'? '.repeat(150)}`]) {
    expect(problemOf(`${text}${text.slice(1).repeat(50_000)}`)).toBe('it is nested deeper than 200 levels')
  }
  const steps = Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')
  expect(problemOf(steps)).toBe('it is nested deeper than 200 levels')
})

test('brackets within texts are no nesting, and long flat lists are read', () => {
  const list = Array.from({ length: 2000 }, (_, i) => `{name: c${i}, description: "from [0, ${i})", about: '[['}`)
  expect(parseYaml(`[${list.join(', ')}]`, '1.1')).toHaveLength(2000)
  const columns = Array.from({ length: 2000 }, (_, i) => `"c${i}": {"from": "d", "unit": "mag"}`).join(',\n  ')
  expect(parseYaml(`{"columns": {${columns}}, "rest": [1]}`, '1.2')).toMatchObject({ rest: [1] })
  expect(parseYaml(`text: |\n${'  [[[[ - - -\n'.repeat(500)}`, '1.2')).toHaveProperty('text')
})

test('a text full of errors is refused by the first of them, with its place, however many follow', () => {
  expect(problemOf('a: 1\nb: *c *d')).toMatch(/ at line 2, column \d+$/)
  for (const piece of ['*a ', '&a ', '"']) expect(problemOf(piece.repeat(20_000))).toMatch(/ at line 1, column \d+$/)
})

test('a second document is refused, not passed over', () => {
  expect(problemOf('a: 1\n---\na: 2\n')).toMatch(/multiple documents.* at line \d+, column \d+$/)
})

test('aliases that multiply without end are refused', () => {
  const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`)
  expect(problemOf(`a0: &a0 [x]\n${levels.join('\n')}\n`)).toMatch(/[Aa]lias/)
})

import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { snippetsOf } from '../../../ops/page/snippetText.ts'

test('the snippets name the events of the subscription, whether its address is whole or a path', () => {
  for (const events of ['/v1/subscriptions/a1/events', 'http://127.0.0.1:8480/v1/subscriptions/a1/events']) {
    const snippets = snippetsOf('http://127.0.0.1:8480', events)
    expect(snippets.map(({ language }) => language)).toEqual(['curl', 'Python', 'TypeScript'])
    for (const { code } of snippets) expect(code).toContain('http://127.0.0.1:8480/v1/subscriptions/a1/events')
  }
})

test('the TypeScript snippet is a program', () => {
  const code = snippetsOf('http://a', '/e')[2].code
  expect(() => execFileSync(process.execPath, ['--check', '--input-type=module', '-'], { input: code })).not.toThrow()
  expect(() =>
    execFileSync(process.execPath, ['--check', '--input-type=module', '-'], { input: `${code}}`, stdio: 'pipe' }),
  ).toThrow()
})

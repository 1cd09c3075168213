import { expect, test } from 'vitest'
import { fullToken, parseTokenLine } from '../../../ops/server/accessToken.ts'

const TOKEN = 'a-token-of-sixteen-characters-or-more'

test('a line says what its token opens, and how often', () => {
  expect(parseTokenLine(TOKEN)).toEqual(fullToken(TOKEN))
  expect(parseTokenLine(`${TOKEN} ask+read`)).toEqual({ ...fullToken(TOKEN), scopes: ['read', 'ask'] })
  expect(parseTokenLine(`${TOKEN}\twrite  60`)).toEqual({ text: TOKEN, scopes: ['write'], requestsPerMinute: 60 })
})

test('what is wrong with a line is said without the token', () => {
  expect(parseTokenLine('short read')).toBe('is no token')
  for (const wrong of ['all', 'read,ask', 'read+', 'read+toString'])
    expect(parseTokenLine(`${TOKEN} ${wrong}`), wrong).toMatch(/^has no scopes .* read, ask, write/)
  for (const wrong of ['0', '1.5', '-3', '1e3', '99999999', '60 more'])
    expect(parseTokenLine(`${TOKEN} read ${wrong}`), wrong).toMatch(/^has no requests a minute/)
})

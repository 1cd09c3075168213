import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isAllowed, licenceFaults } from '../../../ops/audit/licenceAudit.ts'

test('of a choice one licence must be allowed, of several that hold together all', () => {
  for (const text of ['MIT', '(MIT OR GPL-3.0-only)', 'Apache-2.0 AND MIT'])
    expect([text, isAllowed(text)]).toEqual([text, true])
  for (const text of [
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    'SEE LICENSE IN X',
    '',
    '(MIT OR X) AND (Y)',
    'UNLICENSED',
  ])
    expect([text, isAllowed(text)]).toEqual([text, false])
})

test('a package says its licence itself; the lock file’s word is taken only where it is not installed', () => {
  const root = mkdtempSync(join(tmpdir(), 'birthline-licences-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const install = (name: string, license: unknown) => {
    mkdirSync(join(root, 'node_modules', name), { recursive: true })
    writeFileSync(join(root, 'node_modules', name, 'package.json'), JSON.stringify({ license }))
  }
  install('lying', 'GPL-3.0-only')
  install('old', { type: 'MIT' })
  install('silent', undefined)
  install('tool', 'GPL-3.0-only')
  const packages = {
    'node_modules/lying': { license: 'MIT' },
    'node_modules/old': {},
    'node_modules/silent': {},
    'node_modules/absent': { license: 'ISC' },
    'node_modules/foreign': { license: 'AGPL-3.0-only' },
    'node_modules/tool': { dev: true },
  }
  expect(licenceFaults({ packages }, root)).toEqual([
    ...['lying is under GPL-3.0-only', 'silent names no licence', 'foreign is under AGPL-3.0-only'],
  ])
})

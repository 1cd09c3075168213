import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  deprecationFaults,
  duplicateFaults,
  type LockedPackage,
  type LockFile,
  nameOf,
  pinFaults,
  productionPackages,
  scriptFaults,
} from '../../../ops/audit/lockAudit.ts'
import { packageFile } from '../../../schemas/index.ts'

const integrity = `sha512-${'a'.repeat(86)}==`
const lockOf = (packages: Readonly<Record<string, LockedPackage>>): LockFile => ({
  packages: Object.fromEntries(
    Object.entries(packages).map(([path, entry]) => [
      `node_modules/${path}`,
      { version: '1.0.0', integrity, ...entry },
    ]),
  ),
})

test('our own lock file is exact, whole, and asks for nothing deprecated', () => {
  const read = (name: string) => JSON.parse(readFileSync(packageFile(name), 'utf8'))
  expect(pinFaults(read('package.json'), read('package-lock.json'))).toEqual([])
  expect(deprecationFaults(read('package-lock.json'))).toEqual([])
  expect(productionPackages(read('package-lock.json')).length).toBeGreaterThan(100)
})

test('a range, a missing or weak checksum, a link and a package from elsewhere are found', () => {
  expect(pinFaults({ dependencies: { a: '^1.0.0' } }, lockOf({}))).toEqual([expect.stringContaining('^1.0.0')])
  for (const [entry, word] of [
    [{ integrity: '' }, 'SHA-512'],
    [{ integrity: 'sha1-abc=' }, 'SHA-512'],
    [{ link: true }, 'link'],
    [{ resolved: 'git+ssh://host/a.git' }, 'git+ssh'],
    [{ resolved: 'http://host/a.tgz' }, 'http'],
    [{ version: 'latest' }, 'latest'],
  ] as const) {
    expect(pinFaults({}, lockOf({ a: entry }))).toEqual([expect.stringContaining(word)])
  }
  expect(pinFaults({ dependencies: { a: '1.0.0' } }, lockOf({ a: {} }))).toEqual([])
})

test('scripts that would run and packages that come with new ones are found, those of tools for development are not', () => {
  const lock = lockOf({ a: { hasInstallScript: true }, b: { hasInstallScript: true, dev: true } })
  expect(scriptFaults(lock, 'ignore-scripts=true\n', ['a'])).toEqual([])
  expect(scriptFaults(lock, 'ignore-scripts=true\n', [])).toEqual([expect.stringContaining('a comes with')])
  expect(scriptFaults(lock, 'ignore-scripts=false\n', ['a'])).toHaveLength(1)
})

test('a deprecated package is found', () => {
  expect(deprecationFaults(lockOf({ a: { deprecated: 'use b' }, b: {} }))).toEqual(['a 1.0.0 is deprecated: use b'])
})

test('two major versions are found unless they are known, and a list that knows too much is found too', () => {
  const lock = lockOf({ a: {}, 'b/node_modules/a': { version: '2.1.0' }, 'c/node_modules/a': { version: '2.3.0' } })
  expect(nameOf('node_modules/b/node_modules/@x/a')).toBe('@x/a')
  expect(duplicateFaults(lock, [])).toEqual(['a is there in the major versions 1 and 2'])
  expect(duplicateFaults(lock, ['a'])).toEqual([])
  expect(duplicateFaults(lock, ['a', 'z'])).toEqual([expect.stringContaining('z is no longer')])
})

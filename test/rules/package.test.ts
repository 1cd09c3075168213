import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesUnder, importsOf, root, sourceFiles } from './sourceTree.ts'

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly engines?: Readonly<Record<string, string>>
  readonly license?: string
}

interface LockFile {
  readonly packages: Readonly<Record<string, Manifest & { readonly version?: string; readonly integrity?: string }>>
}

const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const lock: LockFile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

function manifestFaults(wanted: Manifest, locked: LockFile): string[] {
  const faults: string[] = []
  for (const kind of ['dependencies', 'devDependencies'] as const) {
    for (const [name, version] of Object.entries(wanted[kind] ?? {})) {
      if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) faults.push(`${name}: ${version} is not one exact version`)
      if (locked.packages['']?.[kind]?.[name] !== version) faults.push(`${name}: the lock file's root says otherwise`)
      const entry = locked.packages[`node_modules/${name}`]
      if (entry?.version !== version) faults.push(`${name}: the lock file holds ${entry?.version ?? 'nothing'}`)
    }
  }
  // npm would not run them here, because scripts are ignored: a step hidden there would never happen.
  for (const name of Object.keys(wanted.scripts ?? {})) {
    if (/^(?:pre|post)|^(?:install|prepare)$/.test(name)) faults.push(`script ${name} does not run`)
  }
  return faults
}

/** Lines of a peer's requirements.txt that are not a package and one exact version. */
const unpinned = (text: string) =>
  text.split('\n').filter(line => line !== '' && !/^[a-zA-Z][\w-]*==\d+(?:\.\d+)+$/.test(line))

test('what a bench measures against has one exact version too', () => {
  const peers = filesUnder('ops', ['requirements.txt'])
  expect(peers.map(({ path }) => path)).toEqual(['ops/bench/peers/requirements.txt'])
  expect(peers.flatMap(({ text }) => unpinned(text))).toEqual([])
  expect(unpinned('sbi==0.27.0\nsbi>=0.27\nsbi\nsbi==0.*\n')).toEqual(['sbi>=0.27', 'sbi', 'sbi==0.*'])
})

test('every dependency has one exact version and the lock file agrees', () => {
  expect(manifestFaults(manifest, lock)).toEqual([])
})

test('every locked package carries its checksum', () => {
  const bare = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && entry.integrity === undefined)
  expect(bare.map(([path]) => path)).toEqual([])
})

test('install scripts of packages are not run', () => {
  const settings = readFileSync(join(root, '.npmrc'), 'utf8').split('\n')
  expect(settings).toContain('ignore-scripts=true')
  expect(settings).toContain('save-exact=true')
})

test('every dependency is imported somewhere, and by the product rather than by tests alone', () => {
  const used = new Set(
    sourceFiles()
      .filter(({ path }) => !path.startsWith('test/'))
      .flatMap(importsOf)
      .map(({ target }) => target),
  )
  const idle = Object.keys(manifest.dependencies ?? {}).filter(
    name => ![...used].some(target => target === name || target.startsWith(`${name}/`)),
  )
  expect(idle).toEqual([])
})

test('the two commands do their own set-up', () => {
  for (const name of ['start', 'test']) expect(manifest.scripts?.[name]).toMatch(/^node ops\/setup\.mjs && /)
  expect(manifest.engines?.node).toBe('>=20.20.0')
  expect(manifest.license).toBe('Apache-2.0')
})

test('a range, a lock file that disagrees and a script that would not run are found', () => {
  const locked = { packages: { '': { dependencies: { a: '^1.0.0' } }, 'node_modules/a': { version: '1.2.0' } } }
  expect(manifestFaults({ dependencies: { a: '^1.0.0' } }, locked)).toHaveLength(2)
  expect(manifestFaults({ dependencies: { a: '1.0.0' } }, locked)).toHaveLength(2)
  expect(manifestFaults({ scripts: { postinstall: 'x' } }, locked)).toHaveLength(1)
})

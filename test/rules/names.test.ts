import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { quantities } from '../../schemas/index.ts'
import { codeOnly, filesUnder, roomOf, root, type SourceFile, sourceFiles } from './sourceTree.ts'

const vagueNames = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types', 'shared', 'lib']

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(\.test|\.config)?\.(tsx?|mjs)$/, '')
}

function nameFaults(files: readonly SourceFile[]): string[] {
  const faults: string[] = []
  const seen = new Map<string, string>()
  for (const { path } of files) {
    const base = baseName(path)
    const folders = path.split('/').slice(0, -1)
    for (const part of [...folders, base]) {
      if (!/^[a-z][A-Za-z0-9]*$/.test(part)) faults.push(`${path}: ${part} is not in camelCase`)
      if (vagueNames.includes(part)) faults.push(`${path}: ${part} names nothing`)
    }
    if (base === 'index' || path.endsWith('.test.ts')) continue
    const other = seen.get(base)
    if (other !== undefined) faults.push(`${path}: ${other} has the same name`)
    seen.set(base, path)
  }
  return faults
}

const bannedCode: readonly (readonly [RegExp, string])[] = [
  [/\bexport\s+default\b/, 'a default export'],
  [/[:<|&,(]\s*any\b(?!\s*[:(=.])|\bas\s+any\b|\bany\[\]/, 'the type any'],
  [/\benum\s+\w+\s*\{/, 'an enum'],
  [/\bnamespace\s+\w+\s*\{/, 'a namespace'],
  [/\bconstructor\s*\((?:[^{}()]*,)?\s*(?:public|private|protected|readonly|override)\s+\w+/, 'a parameter property'],
  [/@ts-(?:ignore|nocheck|expect-error)/, 'a silenced type error'],
]

function codeFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    // A configuration file's tool asks for a default export.
    if (path.endsWith('.config.ts')) return []
    const code = codeOnly(text)
    return bannedCode
      .filter(([pattern, what]) => pattern.test(what.startsWith('a silenced') ? text : code))
      .map(([, what]) => `${path}: ${what}`)
  })
}

/** Words for things with a dimension; a number that ends in one of them leaves its unit out. */
const dimensioned =
  /\b(?:readonly\s+)?(\w*(?:timeout|duration|delay|interval|patience|elapsed|distance|parallax|separation|wavelength|extinction|temperature|epoch|radius|luminosity|teff|age|mass|period))\??:\s*number\b/gi

/** Words that only look like it, and distances between distributions. */
const notDimensioned =
  /(?:coverage|average|usage|message|page|image|storage|stage|language|percentage|package)$|^(?:mean|worst)Distance$/i

function unitFaults(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => roomOf(path) !== 'test')
    .flatMap(({ path, text }) => {
      const declarations = codeOnly(text).match(/export\s+(?:interface|type)\s+\w+[\s\S]*?\n\}/g) ?? []
      return declarations
        .flatMap(block => Array.from(block.matchAll(dimensioned), match => match[1]))
        .filter(name => !notDimensioned.test(name))
        .map(name => `${path}: ${name} has a dimension and no unit in its name`)
    })
}

/** How a unit is written at the end of a name. */
const unitEndings: Readonly<Record<string, string>> = {
  mas: 'Mas',
  mag: 'Mag',
  'mas/yr': 'MasPerYr',
  dex: 'Dex',
  'dex(yr)': 'Yr',
  'dex(K)': 'K',
  'dex(solMass)': 'Msun',
  'dex(solLum)': 'Lsun',
  'dex(solRad)': 'Rsun',
  'dex(pc)': 'Pc',
  'dex(cm/s2)': 'Dex',
  deg: 'Deg',
}

/** Numbers of a record whose unit is told by another field, or that have none. */
const unitless = [
  ...['value', 'err', 'probability', 'prior', 'mean', 'sd', 'median', 'low', 'high', 'lower', 'upper', 'samples'],
  ...['q025', 'q16', 'q50', 'q84', 'q975', 'familiarity', 'signalToNoise', 'medianSignalToNoise', 'start', 'step'],
]

function recordFaults(files: readonly SourceFile[]): string[] {
  const endings = [...Object.values(unitEndings), 'Arcsec', 'Jyr', 'Mjd', 'S', 'Ms', 'KmPerS', 'Bytes', 'Probability']
  return files.flatMap(({ path, text }) => {
    const faults: string[] = []
    const visit = (node: unknown): void => {
      if (Array.isArray(node)) node.forEach(visit)
      else if (typeof node === 'object' && node !== null) {
        const { name, type, doc, fields } = node as Record<string, unknown>
        const isNumber = JSON.stringify(type ?? null).match(/^"?\[?(?:"null",)?"(?:double|float)"/) !== null
        if (isNumber && typeof name === 'string') {
          const isNamed = endings.some(ending => name.endsWith(ending)) || unitless.includes(name)
          if (!isNamed) faults.push(`${path}: ${name} has no unit in its name`)
        }
        if (Array.isArray(fields)) {
          for (const field of fields as readonly { readonly name: string; readonly doc?: string }[]) {
            if ((field.doc ?? '') === '') faults.push(`${path}: ${field.name} has no doc`)
          }
        } else if (doc === undefined && fields !== undefined) faults.push(`${path}: ${String(name)} has no doc`)
        Object.values(node).forEach(visit)
      }
    }
    visit(JSON.parse(text))
    return faults
  })
}

/** Tests that stand for no file or folder of the rooms. */
function strayTests(paths: readonly string[], exists: (path: string) => boolean): string[] {
  const freeFolders = ['test/rules/', 'test/integration/', 'test/browser/', 'test/properties/', 'test/fuzz/']
  return paths.filter(path => {
    if (!path.endsWith('.test.ts') || freeFolders.some(folder => path.startsWith(folder))) return false
    const source = path.slice('test/'.length, -'.test.ts'.length)
    // A folder may have one test of all of it, named as the folder is.
    const folder = source.slice(0, source.lastIndexOf('/'))
    const isOfFolder = folder.slice(folder.lastIndexOf('/') + 1) === source.slice(source.lastIndexOf('/') + 1)
    return !exists(`${source}.ts`) && !exists(`${source}.mjs`) && !(isOfFolder && exists(folder))
  })
}

test('files and folders are named by a noun in camelCase, once in the tree', () => {
  expect(nameFaults(sourceFiles())).toEqual([])
})

test('no default export, no any, no enum, no parameter property, no silenced error', () => {
  expect(codeFaults(sourceFiles())).toEqual([])
})

test('numbers of exported types that have a dimension say their unit', () => {
  expect(unitFaults(sourceFiles())).toEqual([])
})

test('every quantity and every number of a record ends in its unit', () => {
  const wrong = quantities.filter(({ name, unit }) => !name.endsWith(unitEndings[unit] ?? `(no ending for ${unit})`))
  expect(wrong.map(({ name, unit }) => `${name}: ${unit}`)).toEqual([])
  expect(
    recordFaults(filesUnder('schemas/records', ['.avsc']).filter(file => !file.path.includes('/history/'))),
  ).toEqual([])
})

test('a test lies where the file it tests lies', () => {
  const paths = sourceFiles().map(file => file.path)
  expect(strayTests(paths, path => existsSync(join(root, path)))).toEqual([])
})

test('each naming rule can fail', () => {
  const faults = (path: string, text = '') => [...nameFaults([{ path, text }]), ...codeFaults([{ path, text }])]
  expect(faults('models/star_model.ts')).toHaveLength(1)
  expect(faults('models/utils/a.ts')).toHaveLength(1)
  expect(
    nameFaults([
      { path: 'models/a.ts', text: '' },
      { path: 'ops/a.ts', text: '' },
    ]),
  ).toHaveLength(1)
  for (const text of [
    'export default 1',
    'function f(x: any) {}',
    'const x = y as any',
    'type A = Map<string, any>',
    'enum A { b }',
    'class A { constructor(private readonly b: number) {} }',
    '// @ts-ignore',
  ]) {
    expect(faults('models/a.ts', text)).toHaveLength(1)
  }
  expect(faults('models/a.ts', '// as any\nconst anyone = "x as any"')).toEqual([])
  expect(unitFaults([{ path: 'ops/a.ts', text: 'export interface A {\n  readonly timeout: number\n}' }])).toHaveLength(
    1,
  )
  expect(
    unitFaults([{ path: 'ops/a.ts', text: 'export interface A {\n  coverage: number\n  timeoutMs: number\n}' }]),
  ).toEqual([])
  const record = '{"name":"A","doc":"d","fields":[{"name":"distance","type":["null","double"],"doc":"d"}]}'
  expect(recordFaults([{ path: 'a.avsc', text: record }])).toHaveLength(1)
  expect(
    recordFaults([{ path: 'a.avsc', text: record.replace('"distance"', '"raDeg"').replace(',"doc":"d"}]', '}]') }]),
  ).toHaveLength(1)
  expect(strayTests(['test/models/a.test.ts'], () => false)).toHaveLength(1)
  expect(strayTests(['test/ops/figures/figures.test.ts'], path => path === 'ops/figures')).toEqual([])
})

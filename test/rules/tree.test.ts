import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './sourceTree.ts'

const allowed = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'actors',
  'streams',
  'models',
  'schemas',
  'ops',
  'test',
  'docs',
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'LICENSE',
  'biome.json',
  '.npmrc',
  '.gitignore',
  '.ci',
]

const generated = /(?:^|\/)(?:node_modules|dist|coverage)\/|\.(?:log|tsbuildinfo|map|pyc|DS_Store)$/

function strangers(paths: readonly string[]): string[] {
  const top = new Set(paths.map(path => path.split('/')[0]).filter(name => !allowed.includes(name)))
  return [...top, ...paths.filter(path => generated.test(path))]
}

test('the top level holds the four rooms, ops, tests and what every project has, and nothing else', () => {
  // What a user leaves in the folder is no part of the project: only what git holds is looked at.
  if (existsSync(join(root, '.git'))) {
    const held = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1e8 }).split('\0')
    expect(strangers(held.filter(path => path !== ''))).toEqual([])
  }
  for (const name of [
    'package.json',
    'tsconfig.json',
    'actors',
    'streams',
    'models',
    'schemas',
    'LICENSE',
    'README.md',
  ]) {
    expect(existsSync(join(root, name)), name).toBe(true)
  }
})

test('a stranger at the top level and a generated file are found', () => {
  expect(strangers(['src/a.ts', 'models/a.ts'])).toEqual(['src'])
  expect(strangers(['ops/dist/a.js'])).toEqual(['ops/dist/a.js'])
})

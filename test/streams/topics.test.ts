import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bandTopics, classBands, eventTopics, packageFile, watchedClasses } from '../../schemas/index.ts'
import { type Topic, topics } from '../../streams/topics.ts'

interface Row {
  readonly name: string
  readonly content: string
  readonly key: string
  readonly kept: string
}

const page = readFileSync(packageFile('docs', 'topics.md'), 'utf8')
const rows: readonly Row[] = Array.from(
  page.matchAll(/^\| `([^`]+)` \| (.+) \| ([^|]+) \| ([^|]+) \|$/gm),
  ([, name, content, key, kept]) => ({ name, content, key, kept }),
)

const families = [
  ['classes.<class>.<band>', bandTopics],
  ['subscription-events.<number>', eventTopics],
] as const
const rowOf = (name: string) => families.find(([, members]) => members.includes(name))?.[0] ?? name

const HOUR_MS = 3_600_000

function keptInWords({ keep, retainMs, retainBytes }: Topic): string {
  if (retainBytes !== null) throw new RangeError('no words for a bound on bytes yet')
  const newest = keep === 'latest' ? ['newest of each key'] : []
  if (retainMs === null) return [...newest, ...(keep === 'all' ? ['for ever'] : [])].join(', ')
  return [...newest, `${retainMs / HOUR_MS} hours`].join(', ')
}

test('the page of topics has a row for each topic, and one for those of classes and of subscriptions', () => {
  const named = topics.map(({ name }) => rowOf(name))
  expect(rows.map(({ name }) => name).sort()).toEqual([...new Set(named)].sort())
})

test('what the page says of key, record and retention is so', () => {
  for (const { name, content, key, kept } of rows) {
    const topic = topics.find(one => rowOf(one.name) === name)
    if (topic === undefined) throw new RangeError(`no topic ${name}`)
    const record = /^\[(\w+)\]\(\.\.\/schemas\/records\/(\w+)\.avsc\): /.exec(content)
    expect([name, record?.[1] ?? null, record?.[2] ?? null]).toEqual([name, topic.record, topic.record])
    expect([name, key, kept]).toEqual([name, topic.key, keptInWords(topic)])
  }
})

test('the page names every class and every band with its ends', () => {
  for (const name of watchedClasses) expect(page).toContain(`\`${name}\``)
  for (const { name, from, below } of classBands) {
    expect(page).toContain(`\`${name}\` (${from} ${Number.isFinite(below) ? `up to ${below}` : 'and more'})`)
  }
})

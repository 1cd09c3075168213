import { beforeAll, expect, test } from 'vitest'
import {
  type CalibrationReport,
  calibratePattern,
  calibrationDefaults,
  calibrationReport,
  calibrationThresholds,
} from '../../../models/calibration/calibrationReport.ts'
import { posteriorDraws } from '../../../models/calibration/posteriorDraws.ts'
import { createRng } from '../../../models/math/rng.ts'
import { calibrationDocument } from '../../../ops/report/calibrationDocument.ts'
import { htmlPage } from '../../../ops/report/htmlPage.ts'

/** Two parameters whose posteriors are `width` times as wide as they should be. */
function section(name: string, width: number) {
  const rng = createRng(6)
  const truths = Float64Array.from({ length: 3000 }, () => rng.normal())
  const samples = Float64Array.from({ length: truths.length * 60 }, () => width * rng.normal())
  const probabilities = Float64Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? 0.75 : 0.25))
  const classes = {
    names: ['youngDisk', 'giant'],
    probabilities,
    truths: Int32Array.from({ length: 1500 }, (_, i) => (i % 4 === 0 ? 1 : 0)),
    unions: new Map<string, readonly string[]>(),
  }
  const pattern = { name, given: ['gMag', 'bpMag'], missing: ['w1Mag'], share: 0.25 }
  return calibratePattern(
    posteriorDraws(['logAgeYr', 'avMag'], truths, samples),
    classes,
    pattern,
    calibrationDefaults,
    createRng(7),
  )
}

const source = {
  title: 'Calibration',
  command: 'birthline calibrate --stars 1500',
  modelFingerprint: 'abc',
  seed: '7',
  thresholds: calibrationThresholds,
}
let good: CalibrationReport
let mixed: CalibrationReport

beforeAll(() => {
  good = calibrationReport(source, [section('complete', 1)])
  mixed = calibrationReport(source, [section('complete', 1), section('no WISE <3', 0.6)])
})

test('a report that passes says so first', () => {
  expect(calibrationDocument(good).lead[0]).toEqual({
    kind: 'verdict',
    isPassed: true,
    text: 'All 1 patterns of missing data pass every check.',
  })
})

test('a report that falls short names the patterns first and every failed check in its section', () => {
  const document = calibrationDocument(mixed)
  expect(document.lead[0]).toMatchObject({ kind: 'verdict', isPassed: false })
  expect(document.lead[0].kind === 'verdict' && document.lead[0].text).toContain('1 of 2 patterns')
  const [, failing] = document.sections
  const listed = failing.blocks.flatMap(block => (block.kind === 'list' ? block.items : []))
  const failed = mixed.patterns[1].verdicts.filter(verdict => !verdict.isPassed)
  expect(listed).toEqual(failed.map(verdict => verdict.sentence))
  expect(failed.length).toBeGreaterThan(3)
})

test('the summary marks a value failed exactly where it breaks its limit', () => {
  const block = calibrationDocument(mixed).lead.find(one => one.kind === 'table')
  if (block?.kind !== 'table') throw new TypeError('no summary table')
  const marks = block.table.rows.map(row => row.map(cell => (typeof cell === 'string' ? undefined : cell.isPassed)))
  expect(marks).toEqual([
    [true, undefined, true, true, true, true, true],
    [false, undefined, false, false, false, false, true],
  ])
})

test('the page needs nothing from outside, escapes names and links to sections that exist', () => {
  const html = htmlPage(calibrationDocument(mixed))
  expect(html).not.toMatch(/<script|<link|<img|src=|url\(|@import/)
  expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/)
  expect(html).toContain('no WISE &lt;3')
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(match => match[1])
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
  expect(html).not.toMatch(/NaN|undefined|Infinity/)
})

import { expect, test } from 'vitest'
import type { ClusterReport, EvaluationReport } from '../../../ops/evaluation/evaluationReport.ts'
import { clusterSection, clusterWords } from '../../../ops/report/clusterSection.ts'
import { figureFaults } from '../figures/svgTexts.ts'

const about = (middle: number, half: number) => ({
  q025: middle - 2 * half,
  q16: middle - half,
  q50: middle,
  q84: middle + half,
  q975: middle + 2 * half,
})
const age = (logAgeYr: number) => ({
  logAgeYr: about(logAgeYr, 0.05),
  spreadDex: 0.1,
  outlierShare: 0.05,
  starCount: 90,
})
const cluster = (title: string, logAgeYr: number, published: readonly [number, number] | null): ClusterReport => ({
  group: title,
  title,
  surveys: ['twoMass', 'gaiaDr3'],
  mixture: about(logAgeYr, 0.7),
  age: age(logAgeYr),
  cool: age(logAgeYr - 0.2),
  hot: age(logAgeYr + 0.3),
  literature: [{ logAgeYr, logAgeErr: null, source: 'Dias 2021' }],
  logAgeYrRange: published,
  avMag: 0.2,
  avMagRange: [0.1, 0.4],
})

const clusters = [cluster('Young', 7.5, [7.4, 7.6]), cluster('Astray', 9, [8, 8.4]), cluster('Unknown', 8, null)]

test('stacks that meet the published range are counted, and how far the others are', () => {
  expect(clusterWords(clusters)).toBe(
    'Of 2 stacks, 1 have a 95% interval that meets the range of published ages. Against the middle of that range they are off by +0.40 dex in the median and by 0.40 dex in size, at most 0.80 dex; the published ages of one cluster differ by 0.30 dex among themselves (median).',
  )
  expect(clusterWords([])).toMatch(/No cluster/)
})

test('the section names what lies outside, what members disagree on, and how simulated clusters fare', () => {
  const report = {
    command: 'birthline evaluate',
    clusters,
    simulated: [
      { logAgeYr: 7, mixture: about(7, 0.8), age: age(7.02) },
      { logAgeYr: 9, mixture: about(9, 0.8), age: age(8.8) },
    ],
  } satisfies Partial<EvaluationReport> as unknown as EvaluationReport
  const { blocks } = clusterSection(report)
  const items = blocks.flatMap(block => (block.kind === 'list' ? block.items : [])).join('\n')
  expect(items).toContain('Astray (Gaia DR3 + 2MASS) by 0.50 dex')
  expect(items).not.toContain('Young (Gaia DR3 + 2MASS) by')
  expect(items).toContain('off by 0.11 dex (median) and 0.20 dex (largest); the 95% interval holds 1 of 2')
  expect(items).toContain('Young (Gaia DR3 + 2MASS) \u22120.50')
  for (const block of blocks) if (block.kind === 'figure') expect(figureFaults(block.svg)).toEqual([])
})

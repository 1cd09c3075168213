import { beforeAll, expect, test } from 'vitest'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { readDemoPlan } from '../../../ops/demo/demoPlan.ts'
import { type EvaluationReport, reportJson } from '../../../ops/evaluation/evaluationReport.ts'
import { runEvaluation } from '../../../ops/evaluation/evaluationRun.ts'
import { evaluationDocument } from '../../../ops/report/evaluationDocument.ts'
import { markdownPage } from '../../../ops/report/markdownPage.ts'
import { figureFaults } from '../figures/svgTexts.ts'
import { inventPosterior } from './inventedPosteriors.ts'

const plan = readDemoPlan()
let report: EvaluationReport
const progress: (readonly [number, number])[] = []

/** Stars given with W1 are said to be young, all others 600 Myr old and 300 pc away. */
beforeAll(async () => {
  report = await runEvaluation({
    plan: {
      clusters: plan.clusters.filter(one => ['rhoOphiuchi', 'pleiades'].includes(one.cluster)),
      files: plan.files,
    },
    catalogueFolder: null,
    simulator: createPilotSimulator(),
    infer: async inputs =>
      inputs.map(({ key, given }) => {
        const isYoung = given.some(one => one.quantity === 'w1Mag')
        return inventPosterior(key, {
          width: 0.15,
          young: isYoung ? 0.95 : 0.1,
          centres: { logAgeYr: isYoung ? 6.5 : 8.8 },
        })
      }),
    options: { sampleCount: 64, seed: 1n },
    modelFingerprint: 'abc',
    sizes: { clusterStars: 12, priorDraws: 8000, dwarfDraws: 4000 },
    command: 'birthline evaluate',
    signal: new AbortController().signal,
    onProgress: (done, total) => progress.push([done, total]),
  })
})

test('the demo alone gives ages of its clusters and distances against its parallaxes', () => {
  expect(report.clusters.map(({ title }) => title)).toEqual(['rho Ophiuchi', 'Pleiades'])
  expect(report.groups.map(({ starCount }) => starCount)).toEqual(report.clusters.map(({ age }) => age.starCount))
  // The stack's own interval is narrow; the invented posteriors are centred on these.
  expect(Math.abs(report.clusters[0].age.logAgeYr.q50 - 6.5)).toBeLessThan(0.1)
  expect(Math.abs(report.clusters[1].age.logAgeYr.q50 - 8.8)).toBeLessThan(0.1)
  // 300 pc instead of 135.
  const pleiades = report.distances?.groups.find(({ title }) => title === 'Pleiades')
  expect(Math.abs((pleiades?.comparison.bias ?? 0) - Math.log10(300 / 135))).toBeLessThan(0.03)
  expect(report.labels).toEqual([])
  expect(report.youngPrior).toBeCloseTo(0.5, 9)
})

test('progress ends where it said it would', () => {
  const [done, total] = progress.at(-1) ?? [0, 1]
  expect(done).toBe(total)
  expect(progress.every(([a, b]) => a <= b)).toBe(true)
})

test('page, figures and JSON hold neither a gap nor a fault', () => {
  const page = markdownPage(evaluationDocument(report), 'figures')
  expect(page.text).not.toMatch(/NaN|undefined|Infinity|\[object/)
  for (const [name, svg] of page.figures) expect([name, figureFaults(svg)]).toEqual([name, []])
  expect(page.figures.size).toBeGreaterThanOrEqual(2)
  const json: unknown = JSON.parse(reportJson(report))
  expect(json).toMatchObject({ modelFingerprint: 'abc', clusters: [{ title: 'rho Ophiuchi' }, { title: 'Pleiades' }] })
  expect(reportJson(report)).not.toMatch(/null,\s*null|NaN/)
})

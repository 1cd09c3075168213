// Figures: how well calibrated the posteriors of one missing pattern are, all checks on one sheet.
import * as Plot from '@observablehq/plot'
import type { ParameterCalibration, PatternCalibration } from '../../models/index.ts'
import { symbolOf, wordsOf } from './axisLabel.ts'
import { chart } from './chart.ts'
import { figure, lineAt, type PanelBox, readable, swatchAt, textAt, theme } from './svg.ts'

const WIDTH = 940
const COLUMNS = 5
const HISTOGRAM = { width: 150, height: 84, left: 52, top: 96, stepX: 176, stepY: 128 } as const
const SQUARE = 170
const SQUARE_STEP = 226

const unit = { low: 0, high: 1 } as const
const diagonal = Plot.line(
  [
    [0, 0],
    [1, 1],
  ],
  { stroke: theme.muted, strokeDasharray: '4,3' },
)

/** @returns an SVG document with rank histograms, rank distributions, coverage, TARP and the classes' reliability */
export function calibrationPlot(section: PatternCalibration): string {
  const rows = Math.ceil(section.parameters.length / COLUMNS)
  const top = HISTOGRAM.top + rows * HISTOGRAM.stepY + 50
  const boxAt = (k: number): PanelBox => ({ x: 74 + k * SQUARE_STEP, y: top, width: SQUARE, height: SQUARE })
  const parts = [
    textAt(16, 26, `Calibration, ${section.pattern.name}`, { sizePx: 14, isBold: true }),
    textAt(
      16,
      46,
      `${grouped(section.starCount)} simulated stars, ${grouped(section.sampleCount)} samples each; shaded: where calibrated posteriors stay (95%)`,
      { fill: theme.muted },
    ),
    textAt(16, 76, 'Ranks of the truth among the samples', { sizePx: 12, isBold: true }),
    ...section.parameters.flatMap((parameter, k) => rankHistogramParts(section, parameter, k)),
    ...rankDistribution(section, boxAt(0)),
    ...coverageChart(section, boxAt(1)),
    ...tarpChart(section, boxAt(2)),
    ...(section.classes === null ? [] : reliabilityChart(section, boxAt(3))),
    ...parameterLegend(section, top + SQUARE + 62),
    ...(section.classes === null ? [] : classLegend(section, boxAt(3).x, top + SQUARE + 62)),
  ]
  const legendRows = Math.max(
    Math.ceil(section.parameters.length / 5),
    Math.ceil((section.classes?.perClass.length ?? 0) / 2),
  )
  return figure(
    WIDTH,
    top + SQUARE + 66 + legendRows * 16,
    `Calibration, ${section.pattern.name}`,
    describe(section),
    parts,
  )
}

function describe(section: PatternCalibration): string {
  const failed = section.verdicts.filter(verdict => !verdict.isPassed)
  const found = failed.length === 0 ? 'All checks pass.' : failed.map(verdict => verdict.sentence).join(' ')
  return `Rank histograms, rank distributions, coverage, joint coverage and class reliability. ${found}`
}

function rankHistogramParts(section: PatternCalibration, parameter: ParameterCalibration, k: number): string[] {
  const box = {
    x: HISTOGRAM.left + (k % COLUMNS) * HISTOGRAM.stepX,
    y: HISTOGRAM.top + Math.floor(k / COLUMNS) * HISTOGRAM.stepY + 14,
    width: HISTOGRAM.width,
    height: HISTOGRAM.height,
  }
  const binCount = parameter.rankCounts.length
  const [low, high] = section.binBand
  const top = 1.15 * Math.max(high, ...section.parameters.flatMap(one => one.rankCounts))
  const bars = parameter.rankCounts.map((count, b) => ({ x1: b / binCount, x2: (b + 1) / binCount, count }))
  const look = { fill: colourAt(k), fillOpacity: 0.8, insetLeft: 0.4, insetRight: 0.4 }
  return [
    ...chart({
      box,
      x: { range: unit, label: '', ticks: [0, 0.5, 1] },
      y: { range: { low: 0, high: top }, label: '' },
      marks: [
        Plot.rect(bars, { x1: 'x1', x2: 'x2', y1: 0, y2: 'count', ...look }),
        Plot.rect([0], { x1: 0, x2: 1, y1: low, y2: high, fill: theme.ink, fillOpacity: 0.16 }),
        Plot.ruleY([section.starCount / binCount], { stroke: theme.ink, strokeOpacity: 0.5 }),
      ],
    }),
    textAt(box.x, box.y - 6, symbolOf(parameter.name), { isBold: true }),
    textAt(box.x + box.width, box.y - 6, pText(parameter.adjustedPValue), {
      anchor: 'end',
      sizePx: 10,
      fill: parameter.adjustedPValue < 0.01 ? theme.series[1] : theme.muted,
    }),
  ]
}

function rankDistribution(section: PatternCalibration, box: PanelBox): string[] {
  const points = section.ecdfPoints
  const band = points.map((x, k) => ({ x, low: section.ecdfLower[k] - x, high: section.ecdfUpper[k] - x }))
  const curves = section.parameters.map(one => one.ecdf.map((value, k) => ({ x: points[k], y: value - points[k] })))
  const reach =
    1.15 * Math.max(...band.map(at => Math.max(at.high, -at.low)), ...curves.flat().map(at => Math.abs(at.y)))
  return chart({
    box,
    heading: 'Rank distribution',
    x: { range: unit, label: 'rank', ticks: [0, 0.5, 1] },
    y: { range: { low: -reach, high: reach }, label: 'found \u2212 uniform' },
    marks: [
      Plot.areaY([{ x: 0, low: 0, high: 0 }, ...band, { x: 1, low: 0, high: 0 }], {
        x: 'x',
        y1: 'low',
        y2: 'high',
        fill: theme.ink,
        fillOpacity: 0.1,
      }),
      Plot.ruleY([0], { stroke: theme.muted, strokeDasharray: '4,3' }),
      ...curves.map((curve, k) =>
        Plot.lineY([{ x: 0, y: 0 }, ...curve, { x: 1, y: 0 }], {
          x: 'x',
          y: 'y',
          stroke: colourAt(k),
          strokeWidth: 1.3,
        }),
      ),
    ],
  })
}

function coverageChart(section: PatternCalibration, box: PanelBox): string[] {
  const n = section.starCount
  // Two standard errors of a fraction of n stars, the 95% band of one level alone.
  const band = Array.from({ length: 51 }, (_, k) => k / 50).map(x => {
    const half = 1.96 * Math.sqrt((x * (1 - x)) / n)
    return { x, low: Math.max(0, x - half), high: Math.min(1, x + half) }
  })
  return chart({
    box,
    heading: 'Coverage of intervals',
    x: { range: unit, label: 'claimed', ticks: [0, 0.5, 1] },
    y: { range: unit, label: 'found', ticks: [0, 0.5, 1] },
    marks: [
      Plot.areaY(band, { x: 'x', y1: 'low', y2: 'high', fill: theme.ink, fillOpacity: 0.1 }),
      diagonal,
      ...section.parameters.map((one, k) =>
        Plot.lineY([{ level: 0, covered: 0 }, ...one.central, { level: 1, covered: 1 }], {
          x: 'level',
          y: 'covered',
          stroke: colourAt(k),
          strokeWidth: 1.3,
        }),
      ),
    ],
  })
}

function tarpChart(section: PatternCalibration, box: PanelBox): string[] {
  const { levels, coverage, lower, upper, maxDeviation } = section.tarp
  const rows = levels.map((x, k) => ({ x, y: coverage[k], low: lower[k], high: upper[k] }))
  return [
    ...chart({
      box,
      heading: 'Joint coverage (TARP)',
      x: { range: unit, label: 'credibility', ticks: [0, 0.5, 1] },
      y: { range: unit, label: 'expected coverage', ticks: [0, 0.5, 1] },
      marks: [
        diagonal,
        Plot.areaY(rows, { x: 'x', y1: 'low', y2: 'high', fill: theme.series[0], fillOpacity: 0.25 }),
        Plot.lineY(rows, { x: 'x', y: 'y', stroke: theme.series[0], strokeWidth: 1.4 }),
      ],
    }),
    textAt(box.x + box.width - 8, box.y + box.height - 10, `largest deviation ${readable(maxDeviation, 3)}`, {
      anchor: 'end',
      sizePx: 10,
      fill: theme.muted,
    }),
  ]
}

function reliabilityChart(section: PatternCalibration, box: PanelBox): string[] {
  const classes = section.classes?.perClass ?? []
  return chart({
    box,
    heading: 'Class probabilities',
    x: { range: unit, label: 'predicted', ticks: [0, 0.5, 1] },
    y: { range: unit, label: 'found', ticks: [0, 0.5, 1] },
    marks: [
      diagonal,
      ...classes.flatMap((one, k) => [
        Plot.lineY(one.bins, { x: 'meanPredicted', y: 'observed', stroke: colourAt(k), strokeWidth: 1.2 }),
        Plot.ruleX(one.bins, {
          x: 'meanPredicted',
          y1: bin => Math.max(0, bin.observed - bin.standardErr),
          y2: bin => Math.min(1, bin.observed + bin.standardErr),
          stroke: colourAt(k),
          strokeOpacity: 0.6,
        }),
        Plot.dot(one.bins, { x: 'meanPredicted', y: 'observed', fill: colourAt(k), r: 2.4 }),
      ]),
    ],
  })
}

function parameterLegend(section: PatternCalibration, y: number): string[] {
  return section.parameters.flatMap((one, k) => {
    const x = 74 + (k % 5) * 116
    const line = y + Math.floor(k / 5) * 16
    return [lineAt(x, line - 4, x + 18, line - 4, colourAt(k), 2), textAt(x + 24, line, symbolOf(one.name))]
  })
}

function classLegend(section: PatternCalibration, left: number, y: number): string[] {
  return (section.classes?.perClass ?? []).flatMap((one, k) => {
    const x = left - 36 + (k % 2) * 118
    const line = y + Math.floor(k / 2) * 16
    return [
      swatchAt({ x, y: line - 8, width: 8, height: 8 }, colourAt(k), 1),
      textAt(x + 13, line, wordsOf(one.name), { sizePx: 10.5 }),
    ]
  })
}

function colourAt(k: number): string {
  return theme.series[k % theme.series.length]
}

function pText(p: number): string {
  return p >= 0.995 ? 'p = 1' : p < 0.001 ? 'p < 0.001' : `p = ${readable(p, p < 0.1 ? 3 : 2)}`
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

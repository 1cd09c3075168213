// Figures: one star as several libraries of model atmospheres see it, in its spectrum and in its colours.
import * as Plot from '@observablehq/plot'
import { axisLabel } from './axisLabel.ts'
import { chart } from './chart.ts'
import { decades, figure, lineAt, readable, textAt, theme } from './svg.ts'

export interface LibrarySpectrum {
  readonly name: string
  /** lambda F_lambda at the surface, behind the dust, erg/s/cm2. */
  readonly points: readonly { readonly wavelengthUm: number; readonly power: number }[]
}

export interface LibraryColours {
  readonly name: string
  /** V - X for each of the input's bands, mag; null where the library has no such star. */
  readonly colours: readonly number[] | null
  /** V - K against log Teff, with the same gravity, abundance and dust. */
  readonly sequence: readonly { readonly logTeffDex: number; readonly colour: number }[]
}

export interface AtmospherePlotInput {
  readonly title: string
  readonly subtitle: string
  readonly notes: readonly string[]
  /** X of the colours V - X. */
  readonly bands: readonly string[]
  readonly logTeffDex: number
  /** The first is what colours are compared with. */
  readonly spectra: readonly LibrarySpectrum[]
  /** In the order of the spectra; then those of whom only colours are known. */
  readonly colours: readonly LibraryColours[]
  /** lambda F_lambda of such a library in its bands. */
  readonly points: readonly { readonly wavelengthUm: number; readonly power: number }[]
}

const SED = { x: 78, y: 96, width: 700, height: 270 } as const
const LOWER_Y = 440
const DIFFERENCES = { x: 78, y: LOWER_Y, width: 310, height: 220 } as const
const SEQUENCE = { x: 468, y: LOWER_Y, width: 310, height: 220 } as const
/** Below this share of the brightest, in all directions of the spectrum, nobody looks. */
const FAINTEST = 1e-5

/**
 * Spectra above; below them colours against those of the first library, and V - K along the temperatures.
 *
 * @returns an SVG document
 * @throws RangeError when there is no spectrum, or the first library has no colours
 */
export function atmospherePlot(input: AtmospherePlotInput): string {
  const { spectra, colours, bands } = input
  const reference = colours[0]?.colours ?? null
  if (spectra.length === 0 || reference === null) throw new RangeError('atmospherePlot: nothing to compare with')
  const colourOf = (k: number) => theme.series[k % theme.series.length]
  // Libraries that agree lie on each other: a broad line is seen below a narrow one.
  const widthOf = (k: number) => 0.9 + 0.8 * (colours.length - 1 - k)
  const onlyColours = colourOf(spectra.length)
  const brightest = Math.max(...spectra.flatMap(spectrum => spectrum.points.map(point => point.power)))
  const seen = { low: brightest * FAINTEST, high: brightest * 3 }
  const compared = colours.flatMap(({ colours: own }, k) =>
    own === null ? [] : [{ k, differences: own.map((value, b) => value - reference[b]) }],
  )
  const differences = paddedRange(compared.flatMap(one => one.differences))
  const along = colours.flatMap(({ sequence }) => sequence)
  const description = compared
    .slice(1)
    .map(
      one => `${colours[one.k].name}: ${bands.map((x, b) => `V-${x} ${readable(one.differences[b], 3)}`).join(', ')}`,
    )
    .join('; ')
  return figure(
    800,
    LOWER_Y + 272 + 15 * input.notes.length,
    input.title,
    `Colours less those of ${colours[0].name}. ${description}.`,
    [
      textAt(16, 26, input.title, { sizePx: 14, isBold: true }),
      textAt(16, 46, input.subtitle, { fill: theme.muted }),
      ...colours.flatMap(({ name }, k) => {
        const x = 78 + 150 * k
        return [lineAt(x, 70, x + 20, 70, colourOf(k), 2.4), textAt(x + 26, 74, name)]
      }),
      ...chart({
        box: SED,
        hasGrid: true,
        x: {
          range: { low: 0.1, high: 31 },
          label: 'wavelength (\u03bcm)',
          isLog: true,
          ticks: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20],
        },
        y: {
          range: seen,
          label: 'log \u03bbF_{\u03bb} at the surface (erg s^{\u22121} cm^{\u22122})',
          isLog: true,
          ticks: decades(seen.low, seen.high),
          tickText: tick => String(Math.round(Math.log10(tick))),
        },
        marks: [
          ...spectra.map((spectrum, k) =>
            Plot.lineY(
              spectrum.points.filter(point => point.power >= seen.low),
              { x: 'wavelengthUm', y: 'power', stroke: colourOf(k), strokeWidth: widthOf(k) },
            ),
          ),
          Plot.dot(input.points, { x: 'wavelengthUm', y: 'power', fill: onlyColours, stroke: theme.paper, r: 4 }),
        ],
      }),
      ...chart({
        box: DIFFERENCES,
        hasGrid: true,
        heading: `Colour V \u2212 X less that of ${colours[0].name}`,
        x: {
          range: { low: -0.5, high: bands.length - 0.5 },
          label: 'X',
          ticks: bands.map((_, b) => b),
          tickText: b => bands[b],
        },
        y: { range: differences, label: 'difference (mag)' },
        marks: compared.flatMap(one => {
          const points = one.differences.map((y, x) => ({ x, y }))
          return [
            Plot.lineY(points, { x: 'x', y: 'y', stroke: colourOf(one.k), strokeWidth: widthOf(one.k) }),
            Plot.dot(points, { x: 'x', y: 'y', fill: colourOf(one.k), r: 1.6 + widthOf(one.k) }),
          ]
        }),
      }),
      ...chart({
        box: SEQUENCE,
        hasGrid: true,
        heading: 'V \u2212 K along the temperatures',
        x: { range: edgesOf(along.map(point => point.logTeffDex)), label: axisLabel('logTeffK') },
        y: { range: paddedRange(along.map(point => point.colour)), label: 'V \u2212 K (mag)' },
        marks: [
          Plot.ruleX([input.logTeffDex], { stroke: theme.muted, strokeDasharray: '4,3' }),
          ...colours.map(({ sequence }, k) =>
            Plot.lineY(sequence, { x: 'logTeffDex', y: 'colour', stroke: colourOf(k), strokeWidth: widthOf(k) }),
          ),
        ],
      }),
      ...input.notes.map((note, k) => textAt(16, LOWER_Y + 278 + 15 * k, note, { fill: theme.muted, sizePx: 10 })),
    ],
  )
}

function edgesOf(values: readonly number[]) {
  return { low: Math.min(...values), high: Math.max(...values) }
}

function paddedRange(values: readonly number[]) {
  const { low, high } = edgesOf(values)
  const pad = Math.max(0.02, 0.08 * (high - low))
  return { low: low - pad, high: high + pad }
}

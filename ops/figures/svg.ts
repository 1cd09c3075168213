// Figures: panels drawn by the plotting library, set side by side in one SVG string. No browser, no canvas.
// A figure carries its own white paper, so that it reads the same on a light page, a dark page and in print.
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

export const theme = {
  paper: '#ffffff',
  ink: '#1f2328',
  muted: '#59636e',
  grid: '#e3e7eb',
  /** Told apart by people with any colour vision: Okabe & Ito 2008. */
  series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#4d4d4d', '#8c6d31', '#7a5195'],
  fontFamily: 'Helvetica, Arial, sans-serif',
  fontSizePx: 11,
} as const

/** Of the letters of common sans-serif faces, over the size of the type; those of most texts are narrower. */
const LETTER_WIDTH = 0.58

export interface PanelBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly sizePx?: number
  readonly fill?: string
  readonly isBold?: boolean
  readonly rotateDeg?: number
  /** Whether `_` and `^` stand for themselves, as in names that somebody else gave. */
  readonly isPlain?: boolean
  /** Room for names that somebody else gave: what goes beyond is left out, and an ellipsis says so. */
  readonly widthPx?: number
}

/** What is used of the elements that the plotting library returns. */
interface SvgElement {
  readonly outerHTML: string
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
  querySelectorAll(selector: string): Iterable<{ remove(): void }>
}

/**
 * One plot as a piece of a figure: margins are inside the box, the axes have no labels of the library's own
 * (`textAt` writes them, because they may hold subscripts).
 *
 * @param options as for Plot.plot; size, document and style are set here
 */
export function panel(box: PanelBox, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const drawn = Plot.plot({
    ...options,
    document,
    width: box.width,
    height: box.height,
    style: { fontFamily: theme.fontFamily, fontSize: `${theme.fontSizePx - 1}px` },
  }) as unknown as SvgElement
  // Its style sheet is for live pages; in a figure every look is written at the mark itself.
  for (const style of drawn.querySelectorAll('style')) style.remove()
  for (const name of ['class', 'style', 'viewBox']) drawn.removeAttribute(name)
  const looks: readonly (readonly [string, string])[] = [
    ['x', format(box.x)],
    ['y', format(box.y)],
    ['color', theme.ink],
    ['fill', theme.ink],
    ['font-family', theme.fontFamily],
    ['font-size', format(theme.fontSizePx - 1)],
    ['overflow', 'visible'],
  ]
  for (const [name, value] of looks) drawn.setAttribute(name, value)
  return shorten(drawn.outerHTML)
}

/**
 * A text in the figure's own coordinates. `T_eff` and `M_{sun}` write subscripts, `^` superscripts.
 */
export function textAt(x: number, y: number, text: string, style: TextStyle = {}): string {
  const sizePx = style.sizePx ?? theme.fontSizePx
  const turn = style.rotateDeg === undefined ? '' : ` transform="rotate(${style.rotateDeg} ${format(x)} ${format(y)})"`
  const weight = style.isBold === true ? ' font-weight="bold"' : ''
  const letters = Math.floor((style.widthPx ?? Number.POSITIVE_INFINITY) / (LETTER_WIDTH * sizePx))
  const shown = text.length > letters ? `${text.slice(0, letters - 1)}\u2026` : text
  const inside = style.isPlain === true ? escapeXml(shown) : scripts(shown, sizePx)
  // Else some renderers drop the spaces at the edges of a piece.
  const spaces = inside.includes('<tspan') ? ' xml:space="preserve"' : ''
  return `<text x="${format(x)}" y="${format(y)}" text-anchor="${style.anchor ?? 'start'}" font-size="${format(sizePx)}" fill="${style.fill ?? theme.ink}"${weight}${turn}${spaces}>${inside}</text>`
}

/** A straight line in the figure's own coordinates, for ticks and legends. */
export function lineAt(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  widthPx: number,
  dash?: string,
): string {
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`
  return `<line x1="${format(x1)}" y1="${format(y1)}" x2="${format(x2)}" y2="${format(y2)}" stroke="${stroke}" stroke-width="${widthPx}"${dashes}/>`
}

/** A filled box in the figure's own coordinates, for legends. */
export function swatchAt(box: PanelBox, fill: string, opacity: number): string {
  return `<rect x="${format(box.x)}" y="${format(box.y)}" width="${format(box.width)}" height="${format(box.height)}" fill="${fill}" fill-opacity="${opacity}"/>`
}

/**
 * The finished figure.
 *
 * @param description one or two sentences for readers who do not see it
 */
export function figure(
  widthPx: number,
  heightPx: number,
  title: string,
  description: string,
  parts: readonly string[],
): string {
  const [width, height] = [format(widthPx), format(heightPx)]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${theme.fontFamily}" fill="${theme.ink}">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(description)}</desc>`,
    `<rect width="${width}" height="${height}" rx="6" fill="${theme.paper}"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Ticks at round numbers inside [low, high], as near to `count` of them as steps of 1, 2 and 5 allow. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const power = Math.floor(Math.log10((high - low) / Math.max(1, count)))
  if (!Number.isFinite(power)) return [low]
  const choices = [power - 1, power, power + 1].flatMap(exponent =>
    [1, 2, 5].map(factor => ticksOfStep(low, high, factor, exponent)),
  )
  // Steps grow along the list, so of two equally near choices the one with more ticks is kept.
  return choices.reduce((best, ticks) =>
    Math.abs(ticks.length - count) < Math.abs(best.length - count) ? ticks : best,
  )
}

/** Powers of ten inside [low, high], for ticks of a logarithmic axis. */
export function decades(low: number, high: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))]
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i))
}

function ticksOfStep(low: number, high: number, factor: number, exponent: number): number[] {
  const step = factor * 10 ** exponent
  const ticks: number[] = []
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    ticks.push(Number((k * step).toFixed(Math.max(0, -exponent))) + 0)
  }
  return ticks
}

/** A number for a reader: `digits` after the point, a true minus sign. */
export function readable(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace('-', '\u2212')
}

/** Digits after the point that show an uncertainty with two figures, at most 4. */
export function digitsFor(err: number): number {
  if (!(err > 0) || !Number.isFinite(err)) return 2
  return Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(err))))
}

function scripts(text: string, sizePx: number): string {
  let output = ''
  let offset = 0
  const shift = sizePx * 0.26
  for (const part of text.split(/([_^](?:\{[^}]*\}|[A-Za-z0-9\u2299*]+))/)) {
    if (part === '') continue
    const isScript = (part.startsWith('_') || part.startsWith('^')) && part.length > 1
    const wanted = !isScript ? 0 : part.startsWith('_') ? shift : -1.4 * shift
    const inner = escapeXml(isScript ? part.slice(1).replace(/^\{|\}$/g, '') : part)
    if (!isScript && offset === 0) output += inner
    else {
      // The anchor is that of the whole text; said again, it keeps simple renderers from setting each piece by itself.
      const size = isScript ? ` font-size="${format(sizePx * 0.76)}"` : ''
      output += `<tspan dy="${format(wanted - offset)}"${size} text-anchor="start">${inner}</tspan>`
    }
    offset = wanted
  }
  return output
}

function format(value: number): string {
  return String(Number(value.toFixed(2)))
}

/** Coordinates to a tenth of a pixel: finer ones cannot be seen and make files several times larger. */
function shorten(markup: string): string {
  return markup.replace(/-?\d+\.\d{3,}/g, number => String(Number(Number(number).toFixed(1))))
}

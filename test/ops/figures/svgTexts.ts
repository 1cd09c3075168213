// Reads a figure back as a set of boxes round its texts, to find words that are cut off or run into each other.

export interface TextBox {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Wider than the letters of any common sans-serif face, so that what fits here fits on every machine. */
const LETTER_WIDTH = 0.58

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]
}

/** Boxes of the texts that the figure itself writes, in its own coordinates. */
export function textBoxes(svg: string): TextBox[] {
  return Array.from(svg.matchAll(/(<text [^>]*>)(.*?)<\/text>/g), ([, tag, inside]) => {
    const [x, y] = [Number(attribute(tag, 'x')), Number(attribute(tag, 'y'))]
    const sizePx = Number(attribute(tag, 'font-size'))
    const anchor = attribute(tag, 'text-anchor') ?? 'start'
    const text = inside
      .replace(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&amp;', '&')
    const width = text.length * sizePx * LETTER_WIDTH
    const start = anchor === 'start' ? 0 : anchor === 'end' ? -width : -width / 2
    const [ascent, descent] = [0.74 * sizePx, 0.2 * sizePx]
    if (/rotate\(-90 /.test(attribute(tag, 'transform') ?? '')) {
      return { text, left: x - ascent, right: x + descent, top: y - start - width, bottom: y - start }
    }
    return { text, left: x + start, right: x + start + width, top: y - ascent, bottom: y + descent }
  })
}

export function overlaps(boxes: readonly TextBox[]): string[] {
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter(b => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map(b => `${a.text} | ${b.text}`),
  )
}

/** Everything that is wrong with a figure, in words. */
export function figureFaults(svg: string): string[] {
  const faults: string[] = []
  const [width, height] = [Number(attribute(svg, 'width')), Number(attribute(svg, 'height'))]
  const boxes = textBoxes(svg)
  for (const box of boxes) {
    if (box.left < 0 || box.right > width || box.top < 0 || box.bottom > height) faults.push(`cut off: ${box.text}`)
  }
  for (const pair of overlaps(boxes)) faults.push(`overlap: ${pair}`)
  if (boxes.length === 0) faults.push('no text at all')
  for (const word of ['NaN', 'undefined', 'Infinity', 'null', 'http://', 'https://', '<style', '<script', 'href']) {
    if (svg.replace('xmlns="http://www.w3.org/2000/svg"', '').includes(word)) faults.push(`holds ${word}`)
  }
  // Every tag that is opened is closed, in order.
  const open: string[] = []
  for (const [, slash, name, rest] of svg.matchAll(/<(\/?)([a-zA-Z]+)([^>]*)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) faults.push(`tag ${name} closed out of order`)
    } else if (!rest.endsWith('/')) open.push(name)
  }
  if (open.length > 0) faults.push(`tags left open: ${open.join(', ')}`)
  if (!/<title>[^<]+<\/title>\s*<desc>[^<]+<\/desc>/.test(svg)) faults.push('no title or description')
  return faults
}

import { expect, test } from 'vitest'
import { axisLabel, possibleRange, symbolOf, wordsOf } from '../../../ops/figures/axisLabel.ts'
import { digitsFor, escapeXml, figure, niceTicks, readable, textAt } from '../../../ops/figures/svg.ts'

test('ticks stand at round numbers inside the range, about as many as asked for', () => {
  expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  expect(niceTicks(-0.047, 0.047, 3)).toEqual([-0.04, -0.02, 0, 0.02, 0.04])
  for (const [low, high] of [
    [3.4, 3.61],
    [0, 123_456],
    [-2.2, 2],
    [9.99, 10.01],
  ]) {
    const ticks = niceTicks(low, high, 4)
    expect(ticks.length).toBeGreaterThanOrEqual(2)
    expect(ticks.length).toBeLessThanOrEqual(6)
    expect(ticks.every(tick => tick >= low && tick <= high)).toBe(true)
    expect(ticks.every(tick => String(tick).length <= 6)).toBe(true)
  }
  expect(niceTicks(2, 2, 4)).toEqual([2])
})

test('axis labels come from the vocabulary, with the logarithm told by the symbol', () => {
  expect(axisLabel('logTeffK')).toBe('log T_eff (K)')
  expect(axisLabel('avMag')).toBe('A_V (mag)')
  expect(axisLabel('logMassMsun')).toBe('log M (M_\u2299)')
  expect(axisLabel('somethingElse')).toBe('somethingElse')
  expect(symbolOf('fehDex')).toBe('[Fe/H]')
  expect(wordsOf('youngDiskless')).toBe('young diskless')
  expect(possibleRange('avMag', { low: -0.3, high: 2 })).toEqual({ low: 0, high: 2 })
})

test('subscripts are lowered, come back to the line, and text is escaped', () => {
  const text = textAt(0, 0, 'T_eff < 4000 & A_V', { sizePx: 10 })
  expect(text).toContain(' xml:space="preserve">T<tspan dy="2.6" font-size="7.6" text-anchor="start">eff</tspan>')
  expect(text).toContain('<tspan dy="-2.6" text-anchor="start"> &lt; 4000 &amp; A</tspan>')
  expect(textAt(0, 0, 'x^2_a', { sizePx: 10 })).toMatch(/dy="-3.64".*>2<.*dy="6.24".*>a</)
  expect(textAt(0, 0, 'a_b <c>', { isPlain: true })).toContain('>a_b &lt;c&gt;</text>')
  expect(escapeXml('"<&>"')).toBe('&quot;&lt;&amp;&gt;&quot;')
})

test('a name that is longer than its room ends in an ellipsis', () => {
  const name = (length: number) => textAt(0, 0, 'n'.repeat(length), { sizePx: 10, widthPx: 60, isPlain: true })
  expect(name(10)).toContain('>nnnnnnnnnn</text>')
  expect(name(11)).toContain('>nnnnnnnnn\u2026</text>')
})

test('numbers are written with as many digits as their error bears', () => {
  expect(digitsFor(0.31)).toBe(2)
  expect(digitsFor(0.012)).toBe(3)
  expect(digitsFor(12)).toBe(0)
  expect(digitsFor(0)).toBe(2)
  expect(readable(-0.001, 2)).toBe('0.00')
  expect(readable(-1.5, 1)).toBe('\u22121.5')
})

test('a figure names itself and lies on paper of its own', () => {
  const svg = figure(100, 50, 'Ages & <others>', 'What it shows.', [])
  expect(svg).toContain('<title>Ages &amp; &lt;others&gt;</title>')
  expect(svg).toContain('<rect width="100" height="50" rx="6" fill="#ffffff"/>')
})

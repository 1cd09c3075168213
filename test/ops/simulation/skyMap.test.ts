import { expect, test } from 'vitest'
import { skyFrame } from '../../../ops/simulation/skyMap.ts'

const RAD = Math.PI / 180
/** Points of a small circle on the sky, as longitudes and sines of latitudes. */
function circle(lDeg: number, bDeg: number, radiusDeg: number) {
  const points = Array.from({ length: 72 }, (_, k) => {
    const turn = 5 * k * RAD
    const [b, r] = [bDeg * RAD, radiusDeg * RAD]
    const sine = Math.sin(b) * Math.cos(r) + Math.cos(b) * Math.sin(r) * Math.cos(turn)
    const east = Math.atan2(
      Math.sin(r) * Math.sin(turn),
      Math.cos(r) * Math.cos(b) - Math.sin(r) * Math.sin(b) * Math.cos(turn),
    )
    return { x: (((lDeg + east / RAD) % 360) + 360) % 360, y: sine }
  })
  return { xs: points.map(({ x }) => x), ys: points.map(({ y }) => y) }
}

/** How wide and high points are on paper twice as wide as high. */
function sizeOf(points: ReturnType<typeof circle>) {
  const { x, y, place } = skyFrame([points], 2)
  const [xRange, yRange] = [x.range ?? { low: 0, high: 0 }, y.range ?? { low: 0, high: 0 }]
  const xs = points.xs.map(l => (2 * (place(l) - xRange.low)) / (xRange.high - xRange.low))
  const ys = points.ys.map(b => (b - yRange.low) / (yRange.high - yRange.low))
  return { width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys), xs, ys }
}

test('a small circle is a circle, wherever it is, across 0 and 180 degrees too', () => {
  for (const [l, b, r] of [
    [171, -15, 5],
    [180, 0, 3],
    [0, 40, 2],
    [359.9, -60, 1],
    [90, 5, 0.1],
  ]) {
    const { width, height, xs, ys } = sizeOf(circle(l, b, r))
    expect(Math.abs(width / height - 1), `${l} ${b}`).toBeLessThan(0.01)
    // It fills the frame but for a margin.
    expect(height).toBeGreaterThan(0.8)
    expect(xs.every(x => x > 0 && x < 2)).toBe(true)
    expect(ys.every(y => y > 0 && y < 1)).toBe(true)
  }
})

test('wide patches and poles are shown on the whole sky, with the centre in the middle and longitudes rising to the left', () => {
  for (const points of [circle(40, 0, 40), circle(10, 89, 3), { xs: [], ys: [] }]) {
    const { x, y, place } = skyFrame([points], 2)
    expect([x.range, y.range, x.isReversed]).toEqual([{ low: -180, high: 180 }, { low: -1, high: 1 }, true])
    expect([0, 90, 270, 359].map(place)).toEqual([0, 90, -90, -1])
    expect(x.ticks?.map(tick => x.tickText?.(tick))).toEqual(['180', '240', '300', '0', '60', '120', '180'])
    expect(y.ticks?.map(tick => y.tickText?.(tick))).toContain('\u221230')
  }
})

test('ticks of a patch tell longitudes from 0 to 360 and latitudes at their sines', () => {
  const { x, y } = skyFrame([circle(0, 30, 4)], 2)
  for (const tick of x.ticks ?? []) {
    const told = Number(x.tickText?.(tick))
    expect(told >= 0 && told < 360).toBe(true)
    expect(Math.abs(Math.sin((told - tick) * RAD))).toBeLessThan(1e-9)
  }
  expect(x.ticks?.some(tick => tick < 0)).toBe(true)
  for (const tick of y.ticks ?? []) expect(Math.sin(Number(y.tickText?.(tick)) * RAD)).toBeCloseTo(tick, 9)
  expect((y.ticks ?? []).length).toBeGreaterThan(2)
})

test('a single star has a frame around it', () => {
  const { x, y, place } = skyFrame([{ xs: [200], ys: [0.5] }], 2)
  expect(place(200)).toBeGreaterThan(x.range?.low ?? Number.NaN)
  expect(place(200)).toBeLessThan(x.range?.high ?? Number.NaN)
  expect(y.range?.low).toBeLessThan(0.5)
  expect(y.range?.high).toBeGreaterThan(0.5)
})

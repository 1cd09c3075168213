import { expect, test } from 'vitest'
import { classicFeatures } from '../../../ops/samples/classicFeatures.ts'

const star = (key: string, values: Readonly<Record<string, number>>) => ({
  key,
  given: Object.entries(values).map(([quantity, value]) => ({ quantity, value, err: 0.1, isLimit: false })),
})

test('magnitudes, colours, parallax over its error and absolute magnitude; what is missing is the median', () => {
  const known = [
    star('a', { gMag: 10, bpMag: 11, rpMag: 9, parallaxMas: 10 }),
    star('b', { gMag: 12, bpMag: 13, rpMag: 10, parallaxMas: 1 }),
    star('c', { gMag: 14, bpMag: 17, rpMag: 11, parallaxMas: -1 }),
  ]
  const features = classicFeatures(known, ['gMag', 'bpMag', 'rpMag', 'parallaxMas'])
  const [a] = known
  expect([...features.rowsOf([a])]).toEqual([10, 11, 9, -1, 2, 1, 2, 10, 100, 5])
  const row = features.rowsOf([star('d', { gMag: 13 })])
  expect(row.length).toBe(features.width)
  // Medians of b_p, r_p, colours, parallax; a parallax below zero gave no absolute magnitude.
  expect([...row]).toEqual([13, 13, 10, -1, 3, 2, 3, 1, 10, 5])
})

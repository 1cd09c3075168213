import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { moralGraph, type Task } from '../../../models/tasks/task.ts'
import { taskTable } from '../../../models/tasks/taskTable.ts'

interface Golden {
  readonly levels: readonly number[]
  readonly quantiles: readonly (readonly number[])[]
  readonly median: readonly number[]
  readonly spread: readonly number[]
  readonly angleProducts: readonly (readonly number[])[]
  readonly sizeProducts: readonly (readonly number[])[]
  readonly points: readonly (readonly number[])[]
  readonly logDensities: readonly (number | null)[]
}

const goldens: Readonly<Record<string, Golden>> = JSON.parse(
  readFileSync(new URL('../../golden/tasks/taskGolden.json', import.meta.url), 'utf8'),
)
const COUNT = 40_000
const GOLDEN_COUNT = 200_000
/** Five standard errors of a share or mean of so many draws against so many of the golden ones. */
const fiveErrors = 5 * Math.sqrt(1 / COUNT + 1 / GOLDEN_COUNT)

test('the table holds the six tasks by name', () => {
  expect([...taskTable.keys()]).toEqual(['gaussian_linear', 'gaussian_mixture', 'two_moons', 'slcp', 'tree', 'hmm'])
  expect(Object.keys(goldens).sort()).toEqual([...taskTable.keys()].sort())
  const sizes = [...taskTable.values()].map(({ variables }) => [
    variables.filter(({ role }) => role === 'parameter').length,
    variables.length,
  ])
  expect(sizes).toEqual([
    [10, 20],
    [2, 4],
    [2, 4],
    [5, 13],
    [3, 7],
    [10, 20],
  ])
})

describe.each([...taskTable.values()])('$name', task => {
  const width = task.variables.length
  const golden = goldens[task.name]

  test('variables are named as the benchmark names them, parameters first', () => {
    const parameters = task.variables.filter(({ role }) => role === 'parameter')
    expect(task.variables.map(({ name }) => name)).toEqual([
      ...parameters.map((_, i) => `parameter_${i + 1}`),
      ...task.variables.slice(parameters.length).map((_, i) => `data_${i + 1}`),
    ])
  })

  test('variables that are said to be alike may trade places', () => {
    const alike = task.alike ?? []
    const draws = task.draw(11, 0, 20)
    for (let row = 0; row < 20; row++) {
      const values = draws.slice(row * width, (row + 1) * width)
      const turned = values.slice()
      alike.forEach((group, g) => {
        group.forEach((i, k) => {
          turned[i] = values[alike[(g + 1) % alike.length][k]]
        })
      })
      expect(task.logJoint(turned)).toBeCloseTo(task.logJoint(values), 8)
      if (alike.length > 0) expect(turned).not.toEqual(values)
    }
  })

  test('the log density is that of SciPy', () => {
    golden.points.forEach((point, i) => {
      const expected = golden.logDensities[i]
      if (expected === null) expect(task.logJoint(point)).toBe(-Infinity)
      else {
        expect(Math.abs(task.logJoint(point) - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)))
      }
    })
  })

  test('draws have the marginals of the independent simulator', () => {
    const draws = task.draw(3, 0, COUNT)
    for (let v = 0; v < width; v++) {
      golden.levels.forEach((level, l) => {
        let below = 0
        for (let i = v; i < draws.length; i += width) if (draws[i] < golden.quantiles[v][l]) below++
        expect(Math.abs(below / COUNT - level)).toBeLessThan(fiveErrors * Math.sqrt(level * (1 - level)))
      })
    }
  })

  test('draws depend on each other as in the independent simulator, in sign and in size', () => {
    const draws = task.draw(4, 0, COUNT)
    const angles = draws.map((value, i) => Math.atan((value - golden.median[i % width]) / golden.spread[i % width]))
    for (let a = 0; a < width; a++) {
      for (let b = 0; b <= a; b++) {
        let [product, size] = [0, 0]
        for (let i = 0; i < angles.length; i += width) {
          product += (angles[i + a] * angles[i + b]) / COUNT
          size += Math.abs(angles[i + a] * angles[i + b]) / COUNT
        }
        // A product of two angles spreads by less than 1.
        expect(Math.abs(product - golden.angleProducts[a][b])).toBeLessThan(fiveErrors)
        expect(Math.abs(size - golden.sizeProducts[a][b])).toBeLessThan(fiveErrors)
      }
    }
  })

  test('a draw depends on the seed and its own index alone', () => {
    const all = task.draw(7, 0, 40)
    expect(task.draw(7, 25, 15)).toEqual(all.slice(25 * width))
    expect(task.draw(8, 0, 40)).not.toEqual(all)
  })

  test('draws lie within the bounds, and a value outside has no density', () => {
    const draws = task.draw(5, 0, 2000)
    task.variables.forEach(({ bounds }, v) => {
      if (bounds === null) return
      for (let i = v; i < draws.length; i += width) {
        expect(draws[i] >= bounds[0] && draws[i] <= bounds[1]).toBe(true)
      }
      expect(task.logJoint(draws.slice(0, width).fill(bounds[1] + 1e-9, v, v + 1))).toBe(-Infinity)
      expect(task.logJoint(draws.slice(0, width).fill(bounds[0] - 1e-9, v, v + 1))).toBe(-Infinity)
    })
  })

  test('variables that the moral graph does not join have no mixed difference, those that it joins have one', () => {
    const joined = moralGraph(task)
    for (let a = 0; a < width; a++) {
      for (let b = 0; b < a; b++) {
        const largest = largestMixedDifference(task, a, b)
        if (joined[a][b]) expect(largest, `${a} and ${b} are joined`).toBeGreaterThan(1e-4)
        else expect(largest, `${a} and ${b} are apart`).toBeLessThan(1e-9)
      }
    }
  })

  test('the directed graph has no circle and every data has a cause', () => {
    task.neighbours.forEach((parents, i) => {
      for (const parent of parents) expect(parent).toBeLessThan(i)
      if (task.variables[i].role === 'data') expect(parents.length).toBeGreaterThan(0)
    })
  })
})

/** Mixed second difference of the log density, relative to the size of its terms, at draws where all four are finite. */
function largestMixedDifference(task: Task, a: number, b: number): number {
  const width = task.variables.length
  const rng = createRng(11)
  const draws = task.draw(12, 0, 60)
  let largest = 0
  for (let i = 0; i < draws.length; i += width) {
    const at = draws.slice(i, i + width)
    const [stepA, stepB] = [0.02 * rng.normal(), 0.02 * rng.normal()]
    const moved = (byA: number, byB: number) => {
      const values = at.slice()
      values[a] += byA
      values[b] += byB
      return task.logJoint(values)
    }
    const terms = [moved(0, 0), moved(stepA, stepB), moved(stepA, 0), moved(0, stepB)]
    if (!terms.every(Number.isFinite)) continue
    const size = Math.max(1, ...terms.map(Math.abs))
    largest = Math.max(largest, Math.abs(terms[0] + terms[1] - terms[2] - terms[3]) / size)
  }
  return largest
}

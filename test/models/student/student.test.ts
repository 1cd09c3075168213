import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import {
  createRng,
  drawLessons,
  type JointModel,
  type Lessons,
  openStudent,
  readStudentFile,
  type StudentModel,
  studentRecipe,
  studentScale,
  trainStudent,
  twoSampleAccuracy,
  writeStudentFile,
} from '../../../models/index.ts'
import { jointWeights } from '../../../models/joint/jointModel.ts'
import { jointRecipe } from '../../../models/joint/jointRecipe.ts'
import { fitBase } from '../../../models/joint/jointTable.ts'
import { whiten } from '../../../models/student/studentScale.ts'
import { drawWeights } from '../../../models/transformer/weights.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const variables = [
  { name: 'theta', role: 'parameter' as const, bounds: null },
  { name: 'phi', role: 'parameter' as const, bounds: [-8, 8] as const },
  { name: 'x', role: 'data' as const, bounds: null },
]
const SLOPE = 0.8
const SPREAD = 0.1

/** Given x: theta = +x or -x, each by half, with a spread; phi follows theta with another. */
function drawPair(rng: ReturnType<typeof createRng>, x: number): readonly [number, number] {
  const theta = (rng.uniform() < 0.5 ? x : -x) + SPREAD * rng.normal()
  return [theta, SLOPE * theta + SPREAD * rng.normal()]
}

const rng = createRng(31)
const values = new Float64Array(3 * 4000)
for (let i = 0; i < values.length; i += 3) {
  const x = 0.5 + rng.uniform()
  values.set([...drawPair(rng, x), x], i)
}

const recipe = {
  ...studentRecipe(1),
  lessons: 4000,
  steps: 250,
  rows: 128,
  warmupSteps: 20,
  network: {
    ...{ dataWidth: 32, firstComponents: 4, dataOctaves: 5, parameterOctaves: 5 },
    ...{ width: 32, blocks: 1, components: 4, levels: [0.2] },
  },
}
let teacher: JointModel | null = null
let student: StudentModel | null = null

/** A teacher who has learned nothing but the Gaussian. */
function teacherOf(): JointModel {
  if (teacher !== null) return teacher
  const { network, batch } = jointRecipe(1, 4000)
  const config = { ...network, width: 16, variableCount: 3 }
  const { base } = fitBase({ variables, values }, 100)
  const weights = drawWeights(jointWeights(config), createRng(3))
  teacher = { variables, config, base, sigmaMin: batch.sigmaMin, sigmaMax: batch.sigmaMax, weights }
  return teacher
}

/** Lessons by the truth itself: what is judged is the student, not a teacher. */
function exactLessons(model: JointModel): Lessons {
  const scale = studentScale(variables, model.base)
  const { base, regression } = scale
  const lessons = { parameters: new Float32Array(8000), data: new Float32Array(4000) }
  const latent = (v: number, value: number) => {
    const { bounds, mean, sd } = base.scales[v]
    if (bounds === null) return (value - mean) / sd
    const share = (value - bounds[0]) / (bounds[1] - bounds[0])
    return (share + 0.02 * Math.log(share / (1 - share)) - mean) / sd
  }
  for (let n = 0; n < 4000; n++) {
    const x = latent(2, values[3 * n + 2])
    const { mean } = base.gaussian
    const centre = [0, 1].map(p => mean[p] + regression.slopes[p] * (x - mean[2]))
    lessons.parameters.set(whiten(scale, centre, [latent(0, values[3 * n]), latent(1, values[3 * n + 1])]), 2 * n)
    lessons.data[n] = x
  }
  return lessons
}

async function studentOf(): Promise<StudentModel> {
  const model = teacherOf()
  student ??= await trainStudent(studentScale(variables, model.base), exactLessons(model), recipe)
  return student
}

test('two calls draw a posterior of two narrow modes as it is', async () => {
  const sampler = await openStudent(await studentOf())
  try {
    const x = 0.9
    const samples = await sampler.sample({ given: new Map([[2, x]]), count: 1000, seed: 4 })
    const source = createRng(77)
    const truth = new Float64Array(2000)
    for (let i = 0; i < truth.length; i += 2) truth.set(drawPair(source, x), i)
    // Chance is 0.5 with a standard error of 0.011: of perfect students one in a million would fail, and the seeds are fixed.
    expect(twoSampleAccuracy(truth, samples, 2)).toBeLessThan(0.57)
    const thetas = samples.filter((_, i) => i % 2 === 0)
    expect(Math.abs(thetas.filter(theta => theta > 0).length / 1000 - 0.5)).toBeLessThan(0.08)
    expect(thetas.filter(theta => Math.abs(theta) < 0.4).length / 1000).toBeLessThan(0.02)
  } finally {
    await sampler.close()
  }
})

test('samples are the same for a seed, however many are drawn; all data must be given and nothing else', async () => {
  const sampler = await openStudent(await studentOf())
  try {
    const draw = (count: number, seed: number) => sampler.sample({ given: new Map([[2, 1]]), count, seed })
    const many = await draw(1500, 1)
    expect(many).toHaveLength(3000)
    expect([...(await draw(700, 1))]).toEqual([...many.subarray(0, 1400)])
    expect((await draw(1, 2))[0]).not.toBe(many[0])
    for (const given of [
      new Map(),
      new Map([[0, 1]]),
      new Map([
        [0, 1],
        [2, 1],
      ]),
    ]) {
      await expect(sampler.sample({ given, count: 1, seed: 1 })).rejects.toThrow(/all data must be given/)
    }
  } finally {
    await sampler.close()
  }
})

test('a teacher gives as many lessons as are asked for, of simulated observations, the same for a seed', async () => {
  const model = teacherOf()
  const scale = studentScale(variables, model.base)
  const few = { ...recipe, lessons: 50 }
  const draw = () => drawLessons([model], scale, values, few, { kind: 'ancestral', levels: 4 })
  const lessons = await draw()
  expect(lessons.parameters).toHaveLength(100)
  expect(lessons.data).toHaveLength(50)
  expect(lessons.parameters.every(Number.isFinite)).toBe(true)
  const { mean, sd } = model.base.scales[2]
  lessons.data.forEach((x, n) => {
    expect(Math.abs(x - (values[3 * n + 2] - mean) / sd)).toBeLessThan(5 * recipe.jitter)
  })
  expect(await draw()).toEqual(lessons)
})

test('a student comes back from its file as it was; a damaged one and one of another teacher are refused', async () => {
  const model = teacherOf()
  const own = await studentOf()
  writeFileSync(join(folder, 'weights.bin'), 'the teacher')
  expect(() => readStudentFile(folder, 'two_moons', model)).toThrow(/has no student.*two_moons distil/)
  writeStudentFile(folder, recipe, own)
  const back = readStudentFile(folder, 'two_moons', model)
  expect(back.weights).toEqual(own.weights)
  expect(back.config).toEqual(own.config)
  const path = join(folder, 'student.bin')
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.subarray(0, bytes.length - 4))
  expect(() => readStudentFile(folder, 'two_moons', model)).toThrow(/damaged or of another model/)
  writeFileSync(path, 'no header\n')
  expect(() => readStudentFile(folder, 'two_moons', model)).toThrow(/damaged/)
  writeFileSync(path, bytes)
  writeFileSync(join(folder, 'weights.bin'), 'another')
  expect(() => readStudentFile(folder, 'two_moons', model)).toThrow(/damaged or of another model/)
})

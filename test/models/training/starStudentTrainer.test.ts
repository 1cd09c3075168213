import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Session } from '../../../models/engine/session.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'
import {
  createRng,
  drawStarLessons,
  openPosteriorModel,
  readCheckpoint,
  type StarLessons,
  starStudentRecipe,
  trainStarStudent,
  twoSampleAccuracy,
} from '../../../models/index.ts'
import { fillNormals } from '../../../models/math/normals.ts'
import { posteriorGraph } from '../../../models/modelGraphs.ts'
import { drawInputs } from '../../../models/student/mixtureDraw.ts'
import { drawStarStudent } from '../../../models/student/starStudent.ts'
import { checkpointWeights } from '../../../models/training/checkpoint.ts'
import { FusionError } from '../../../schemas/index.ts'
import { writeTinyCheckpoint } from './tinyCheckpoint.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeTinyCheckpoint(join(folder, 'teacher'))
const teacher = readCheckpoint(join(folder, 'teacher'))
const WIDTH = teacher.card.config.width
const P = 7

const recipe = {
  ...starStudentRecipe,
  stars: 10_000,
  samplesPerStar: 2,
  steps: 1500,
  rows: 128,
  warmupSteps: 20,
  network: {
    ...{ dataWidth: 32, firstComponents: 6, dataOctaves: 0, parameterOctaves: 0 },
    ...{ width: 32, blocks: 1, components: 4, levels: [0.4] },
  },
}

const narrowOf = (star: ArrayLike<number>) => 0.4 * Math.exp(0.4 * star[1])

/**
 * Latents given a star: of two modes apart along the first axis, as narrow as the star's second number says, about its third; the
 * second latent leans on the first, the others are noise of their own widths.
 */
function drawLatents(rng: ReturnType<typeof createRng>, star: ArrayLike<number>): number[] {
  const narrow = narrowOf(star)
  const first = star[2] + narrow * ((rng.uniform() < 0.3 ? -3 : 2) + 0.5 * rng.normal())
  const second = 0.8 * first + 0.5 * narrow * rng.normal()
  return [first, second, ...Array.from({ length: P - 2 }, (_, p) => (0.1 + 0.2 * p) * rng.normal())]
}

function exactLessons(): StarLessons {
  const rng = createRng(11)
  const { stars: count, samplesPerStar } = recipe
  const lessons = {
    stars: Float32Array.from({ length: count * WIDTH }, () => rng.normal()),
    latents: new Float32Array(count * samplesPerStar * P),
    samplesPerStar,
  }
  for (let n = 0; n < count * samplesPerStar; n++) {
    const star = Math.floor(n / samplesPerStar)
    lessons.latents.set(drawLatents(rng, lessons.stars.subarray(star * WIDTH, (star + 1) * WIDTH)), n * P)
  }
  return lessons
}

const lessons = exactLessons()
const train = (name: string, steps: number, signal?: AbortSignal) =>
  trainStarStudent(
    teacher,
    async () => lessons,
    { ...recipe, steps },
    {
      workFolder: join(folder, name, 'work'),
      outFolder: join(folder, name),
      ...(signal === undefined ? {} : { signal }),
    },
  )

test('three numbers of a star decide two narrow modes, and two calls draw them as they are', async () => {
  const { isFinished, losses } = await train('student', recipe.steps)
  expect(isFinished).toBe(true)
  expect(losses.at(-1)?.validationLoss).toBeLessThan(losses[0].loss)
  const { card, weights } = readCheckpoint(join(folder, 'student'))
  const config = card.student
  if (config === undefined) throw new Error('no student')
  const samples = 1000
  const session = await Session.open(
    traceGraph(
      [{ name: 'star', shape: [1, WIDTH] }, ...drawInputs(config, samples)],
      input => ({ latents: drawStarStudent(input, config, input.star, input) }),
      checkpointWeights(card)
        .filter(({ name }) => name.startsWith('student.'))
        .map(({ name, shape }) => ({ name, shape, data: weights[name] })),
    ),
  )
  try {
    for (const [seed, width, centre] of [
      [1, -1, 0.5],
      [2, 1, -1],
    ]) {
      const rng = createRng(seed, 99)
      const star = Float32Array.from({ length: WIDTH }, (_, i) => (i === 1 ? width : i === 2 ? centre : rng.normal()))
      const chances = Float32Array.from({ length: 2 * samples }, () => rng.uniform())
      const normals = new Float32Array(3 * samples * P)
      fillNormals(rng, normals)
      const { latents } = await session.run({ star, chances, normals })
      const exact = new Float64Array(samples * P)
      for (let s = 0; s < samples; s++) exact.set(drawLatents(rng, star), s * P)
      // Chance is 0.5 with a standard error of 0.011. A short training leaves 0.05 to 0.1; a Gaussian scores above 0.7.
      expect(twoSampleAccuracy(exact, Float64Array.from(latents), P)).toBeLessThan(0.63)
      const isLow = latents.filter((_, i) => i % P === 0).map(x => (x < centre - 0.5 * narrowOf(star) ? 1 : 0))
      expect(Math.abs(isLow.reduce((a, b) => a + b, 0) / samples - 0.3)).toBeLessThan(0.08)
    }
  } finally {
    await session.close()
  }
})

test('a run that was stopped ends with the same bytes, and belongs to its recipe', async () => {
  await train('whole', 40)
  const stop = new AbortController()
  stop.abort()
  expect((await train('parts', 40, stop.signal)).isFinished).toBe(false)
  const late = new AbortController()
  setTimeout(() => late.abort(), 300)
  await train('parts', 40, late.signal)
  expect((await train('parts', 40)).isFinished).toBe(true)
  const weightsOf = (name: string) => readFileSync(join(folder, name, 'weights.bin'))
  expect(weightsOf('parts').equals(weightsOf('whole'))).toBe(true)
  await expect(train('parts', 41)).rejects.toThrow(/another training/)
})

test('lessons are the same whatever the number of threads, and are of the teacher', async () => {
  const request = { seed: 3, stars: 130, samplesPerStar: 200 }
  const one = await drawStarLessons(teacher, request)
  expect(await drawStarLessons(teacher, { ...request, batchThreads: 2 })).toEqual(one)
  expect(one.stars).toHaveLength(192 * WIDTH)
  expect(one.latents.every(Number.isFinite)).toBe(true)
  const stop = new AbortController()
  await expect(
    drawStarLessons(teacher, {
      ...request,
      signal: stop.signal,
      onStars: () => stop.abort(new Error('enough')),
    }),
  ).rejects.toThrow('enough')
})

const star = {
  key: 'near',
  given: Object.entries({ parallaxMas: 7.3, gMag: 12, jMag: 10.4 }).map(([quantity, value]) => ({
    ...{ quantity, value, err: 0.03, isLimit: false },
  })),
}

test('a checkpoint with a student answers by it, the same for a seed; all that is not a sample is as the teacher has it', async () => {
  await train('short', 20)
  const [own, taught] = [
    await openPosteriorModel(join(folder, 'teacher')),
    await openPosteriorModel(join(folder, 'short')),
  ]
  try {
    expect(taught.fingerprint).not.toBe(own.fingerprint)
    const options = { sampleCount: 200, seed: 9n }
    const [first] = await taught.infer([star], options)
    const [again] = await taught.infer([star], options)
    const [byTeacher] = await own.infer([star], options)
    expect(again).toEqual(first)
    expect(first.samples.every(Number.isFinite)).toBe(true)
    expect(first.samples).not.toEqual(byTeacher.samples)
    expect((await taught.infer([star], { ...options, seed: 10n }))[0].samples).not.toEqual(first.samples)
    first.classProbabilities.forEach((p, c) => {
      expect(p).toBeCloseTo(byTeacher.classProbabilities[c], 5)
    })
    expect(await taught.embed([star])).toEqual(await own.embed([star]))
  } finally {
    await taught.close()
    await own.close()
  }
})

test('a student that does not fit its card is refused; it draws on the processor alone', async () => {
  await train('bent', 2)
  const path = join(folder, 'bent', 'model.json')
  const card = readFileSync(path, 'utf8')
  writeFileSync(path, card.replace('"dataCount": 16', '"dataCount": 17'))
  const error = await openPosteriorModel(join(folder, 'bent')).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(FusionError)
  expect((error as FusionError).message).toMatch(/"student" does not fit/)
  writeFileSync(path, card)
  expect(() => posteriorGraph(readCheckpoint(join(folder, 'bent')), 8)).not.toThrow()
})

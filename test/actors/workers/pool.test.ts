import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openInferPool, type PoolOptions } from '../../../actors/workers/pool.ts'
import type { StarInput } from '../../../models/index.ts'
import { openPosteriorModel } from '../../../ops/bench/closedFormModel.ts'
import { type ChannelMessages, packageFile, subscribe } from '../../../schemas/index.ts'

// Workers run what is compiled; `npm test` compiles first.
const modelFile = packageFile('dist', 'test', 'actors', 'workers', 'fragileModel.js')
const options = { sampleCount: 8, seed: 1n }

async function openPool(more: Partial<PoolOptions> = {}) {
  expect(existsSync(modelFile), 'compile first: npm run build').toBe(true)
  const modelUrl = pathToFileURL(modelFile).href
  const pool = await openInferPool({ checkpointFolder: 'here', threads: 2, chunkStars: 3, modelUrl, ...more })
  onTestFinished(() => pool.close())
  return pool
}

const starsNamed = (...keys: string[]): StarInput[] =>
  keys.map((key, i) => ({ key, given: [{ quantity: 'gMag', value: 10 + i, err: 0.1, isLimit: false }] }))

test('threads answer as the model itself does, to the bit and in order, however the stars are shared out', async () => {
  const heard: ChannelMessages['inference'][] = []
  onTestFinished(subscribe('inference', message => heard.push(message)))
  const pool = await openPool()
  expect([pool.fingerprint, pool.pixelSpectra]).toEqual(['here', ['bossSpectrum']])
  const stars = starsNamed(...Array.from({ length: 20 }, (_, i) => `star ${i}`))
  const expected = await (await openPosteriorModel()).infer(stars, options)
  const answers = await pool.infer(stars, options)
  expect(answers.map(({ samples, ...rest }) => ({ ...rest, samples: [...samples] }))).toEqual(
    expected.map(({ samples, ...rest }) => ({ ...rest, samples: [...samples] })),
  )
  expect(heard.map(message => message.stars).sort()).toEqual([2, 3, 3, 3, 3, 3, 3])
  expect(await pool.infer([], options)).toEqual([])
})

test('a few stars are shared out to all threads', async () => {
  const heard: number[] = []
  onTestFinished(subscribe('inference', ({ stars }) => heard.push(stars)))
  const pool = await openPool({ chunkStars: 16 })
  await pool.infer(starsNamed('a', 'b', 'c', 'd', 'e'), options)
  expect(heard.sort()).toEqual([2, 3])
})

test('a worker that dies is told as WORKER_LOST, and the pool answers again', async () => {
  const pool = await openPool()
  await expect(pool.infer(starsNamed('a', 'b', 'c', 'deadly'), options)).rejects.toMatchObject({
    code: 'WORKER_LOST',
    retryable: true,
  })
  expect(await pool.infer(starsNamed('a', 'b', 'c', 'd'), options)).toHaveLength(4)
})

test('an error of the world keeps its code and detail across the thread, a mistake of ours its class', async () => {
  const pool = await openPool()
  await expect(pool.infer(starsNamed('refused'), options)).rejects.toMatchObject({
    name: 'FusionError',
    code: 'VALUE_OUT_OF_RANGE',
    message: 'Too bright.',
    detail: { key: 'refused' },
  })
  await expect(pool.infer(starsNamed('mistaken'), options)).rejects.toThrow(RangeError)
})

test('a checkpoint that cannot be opened fails the pool at the start', async () => {
  await expect(openPool({ checkpointFolder: 'missing' })).rejects.toMatchObject({ code: 'MODEL_MISSING' })
})

test('many questions at once are all answered, each with its own star', async () => {
  const pool = await openPool({ chunkStars: 1 })
  const names = Array.from({ length: 40 }, (_, i) => `star ${i}`)
  const answers = await Promise.all(names.map(name => pool.infer(starsNamed(name), options)))
  expect(answers.map(([answer]) => answer.key)).toEqual(names)
})

test('for a card, what waits is put together, and what one caller is refused for does not touch another', async () => {
  const pool = await openPool({ device: 'cuda', threads: 1, chunkStars: 8 })
  expect(pool.fingerprint).toBe('here on cuda')
  expect(pool.batchStars).toBe(8)
  expect((await openPool()).batchStars).toBeUndefined()
  const heard: number[] = []
  onTestFinished(subscribe('inference', ({ stars }) => heard.push(stars)))
  const names = Array.from({ length: 12 }, (_, i) => `star ${i}`)
  const refused = pool.infer(starsNamed('a', 'refused'), options)
  const answers = names.map(name => pool.infer(starsNamed(name), options))
  await expect(refused).rejects.toMatchObject({ code: 'VALUE_OUT_OF_RANGE' })
  expect((await Promise.all(answers)).map(([answer]) => answer.key)).toEqual(names)
  expect(heard).toEqual([8, 4])
})

test('WebGPU, which bears no second thread, is given one', async () => {
  const running = { cuda: 0, webgpu: 0 }
  for (const device of ['cuda', 'webgpu'] as const) {
    const pool = await openPool({ device, threads: 2, chunkStars: 2 })
    const stop = subscribe('pool', message => {
      running[device] = Math.max(running[device], message.running)
    })
    await pool.infer(starsNamed('a', 'b', 'c', 'd', 'e', 'f'), options)
    stop()
  }
  expect(running).toEqual({ cuda: 2, webgpu: 1 })
})

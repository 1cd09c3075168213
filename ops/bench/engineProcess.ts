// Our side of engineBench.ts, in a process of its own like its rival, and asked the same questions (see torchRival.py).
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import {
  createPilotSimulator,
  type EngineTrial,
  lossWeights,
  openEngineTrial,
  pilotRecipe,
} from '../../models/index.ts'
import type { Answer } from './lineProcess.ts'

interface Question {
  readonly do: 'open' | 'train' | 'infer' | 'read' | 'export'
  readonly threads: number
  readonly samples: number
  readonly levels: number
  readonly steps: number
  readonly stars: number
  readonly learningRate: number
  readonly file: string
  readonly what: 'latents' | 'logits'
}

const held: {
  trial?: EngineTrial
  last?: Readonly<Record<'latents' | 'logits', Float32Array>>
} = {}

function opened(): EngineTrial {
  if (held.trial === undefined) throw new TypeError('engineProcess: open it first')
  return held.trial
}

async function timed(work: () => Promise<Answer>): Promise<Answer> {
  const beginCpu = process.cpuUsage()
  const begin = performance.now()
  const result = await work()
  const seconds = (performance.now() - begin) / 1000
  const { user, system } = process.cpuUsage(beginCpu)
  return { seconds, cpuSeconds: (user + system) / 1e6, ...result }
}

const bytesOf = (data: Float32Array) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

const answers: Record<Question['do'], (question: Question) => Promise<Answer>> = {
  async open({ threads, samples, levels }) {
    const options = { samples, steps: levels, threads, seed: 1 }
    held.trial = await openEngineTrial(pilotRecipe, createPilotSimulator(), options)
    return {}
  },
  train: ({ steps, learningRate }) =>
    timed(async () => {
      let result = await opened().train(learningRate)
      for (let i = 1; i < steps; i++) result = await opened().train(learningRate)
      return { loss: result.loss, gradientNorm: result.gradientNorm }
    }),
  infer: ({ stars }) =>
    timed(async () => {
      for (let i = 0; i < stars; i++) held.last = await opened().infer()
      return {}
    }),
  /** Everything the rival needs, as one file of float32 and its table of contents. */
  async export({ file }) {
    const { weights, batch, star, levels, optimizer } = opened()
    const renamed = star.map(tensor => ({ ...tensor, name: `star.${tensor.name}` }))
    const tensors = [...weights, ...batch, ...renamed]
    writeFileSync(file, Buffer.concat(tensors.map(({ data }) => bytesOf(data))))
    const config = { ...pilotRecipe.config, lossWeights }
    return {
      tensors: tensors.map(({ name, shape }) => [name, shape]),
      spec: { weights: weights.map(({ name }) => name), config, levels, optimizer },
    }
  },
  async read({ what, file }) {
    const data = held.last?.[what] ?? new Float32Array()
    writeFileSync(file, bytesOf(data))
    return { count: data.length }
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as Question
  process.stdout.write(`${JSON.stringify(await answers[question.do](question))}\n`)
}
await held.trial?.close()

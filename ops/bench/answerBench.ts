// What answers by tokens are worth beside the posterior head, on simulated stars whose truth is known.
// node dist/ops/bench/answerBench.js [--model FOLDER] [--stars 150] [--samples 256]
import { parseArgs } from 'node:util'
import {
  column,
  createPilotSimulator,
  modelObservables,
  modelParameters,
  openPosteriorModel,
  simulatedGiven,
  simulatedTruth,
  summarize,
} from '../../models/index.ts'
import { median } from './statistics.ts'

const { values } = parseArgs({
  options: {
    stars: { type: 'string', default: '150' },
    samples: { type: 'string', default: '256' },
    model: { type: 'string' },
  },
})
const [starCount, sampleCount] = [Number(values.stars), Number(values.samples)]
const SEED = 4242
const print = (text: string) => process.stdout.write(`${text}\n`)
const named = (name: string) => ({ name, quantity: name, offsetDex: null })
const gaia2Mass = modelObservables.filter(name => !/^w\d/.test(name))

const simulation = createPilotSimulator({ missing: 'natural' }).draw({ seed: SEED, first: 0, count: 40 * starCount })
const isSeen = (i: number, names: readonly string[]) => names.every(name => column(simulation.presence, name)[i] === 1)
const model = await openPosteriorModel(values.model)

/** How often the middle 68% and 95% hold the truths, and how wide and how far off they are. */
class Tally {
  private readonly halfWidths: number[] = []
  private readonly errors: number[] = []
  private inner = 0
  private outer = 0

  add(name: string, samples: Float32Array, truth: number): void {
    const { q025, q16, q50, q84, q975 } = summarize(name, samples)
    if (q16 <= truth && truth <= q84) this.inner++
    if (q025 <= truth && truth <= q975) this.outer++
    this.halfWidths.push((q84 - q16) / 2)
    this.errors.push(Math.abs(q50 - truth))
  }

  toString(): string {
    const share = (n: number) => `${((100 * n) / this.errors.length).toFixed(0)}%`
    return `${share(this.inner)}, ${share(this.outer)} | ${median(this.halfWidths).toFixed(3)} | ${median(this.errors).toFixed(3)}`
  }
}

interface Ask {
  readonly asked: readonly string[]
  readonly given: readonly string[]
  readonly fixed: readonly string[]
  readonly isByTokens: boolean
}

async function judge({ asked, given, fixed, isByTokens }: Ask): Promise<readonly Tally[]> {
  const tallies = asked.map(() => new Tally())
  const isTold = (name: string) => (modelObservables as readonly string[]).includes(name)
  let count = 0
  for (let i = 0; i < simulation.count && count < starCount; i++) {
    if (!isSeen(i, [...given, ...asked.filter(isTold)])) continue
    count++
    const star = {
      key: `answer-${i}`,
      given: simulatedGiven(simulation, i).filter(one => given.includes(one.quantity)),
    }
    const question = {
      asked: asked.map(named),
      fixed: fixed.map(name => ({ ...named(name), value: simulatedTruth(simulation, name, i) })),
      measured: [],
      conditions: [],
      without: [],
      isByTokens,
    }
    const [{ samples }] = await model.ask([star], question, { sampleCount, seed: 5n })
    asked.forEach((name, a) => {
      const truth = isTold(name) ? column(simulation.observables, name)[i] : simulatedTruth(simulation, name, i)
      tallies[a].add(name, samples.subarray(a * sampleCount, (a + 1) * sampleCount), truth)
    })
  }
  return tallies
}

print(`model ${model.fingerprint}, ${starCount} simulated stars of seed ${SEED}, ${sampleCount} samples`)
print('| of Gaia and 2MASS | by | truth within the middle 68%, 95% | median half width of 68% | median error |')
print('|---|---|---|---|---|')
for (const isByTokens of [true, false]) {
  const tallies = await judge({ asked: modelParameters, given: gaia2Mass, fixed: [], isByTokens })
  tallies.forEach((tally, p) => {
    print(`| ${modelParameters[p]} | ${isByTokens ? 'tokens' : 'head'} | ${tally} |`)
  })
}
const predictions: readonly (readonly [string, Ask])[] = [
  ['W1 of Gaia and 2MASS', { asked: ['w1Mag'], given: gaia2Mass, fixed: [], isByTokens: true }],
  ['W1 of Ks alone', { asked: ['w1Mag'], given: ['ksMag'], fixed: [], isByTokens: true }],
  ['Ks of Gaia', { asked: ['ksMag'], given: ['parallaxMas', 'gMag', 'bpMag', 'rpMag'], fixed: [], isByTokens: true }],
  ['G of all parameters', { asked: ['gMag'], given: [], fixed: modelParameters, isByTokens: true }],
]
for (const [name, ask] of predictions) {
  const [tally] = await judge(ask)
  print(`| ${name} | tokens | ${tally} |`)
}
await model.close()

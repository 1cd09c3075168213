// How well a checkpoint tells stars that it was not trained on: uniform tails on usual stars, and the curve against strange ones.
// node dist/ops/bench/familiarityBench.js [--model FOLDER] [--stars 4000]
import { parseArgs } from 'node:util'
import { openPosteriorModel, rocCurve, type StarInput } from '../../models/index.ts'
import { shiftedStars, strangers, strangersOf, swappedStars, usualStars } from './strangeStars.ts'

const { values } = parseArgs({
  options: { stars: { type: 'string', default: '4000' }, model: { type: 'string' } },
})
const count = Number(values.stars)
const model = await openPosteriorModel(values.model)
const print = (text: string) => process.stdout.write(`${text}\n`)
const percent = (part: number) => `${(100 * part).toFixed(1)}%`
const below = (tails: readonly number[], limit: number) => tails.filter(tail => tail < limit).length / tails.length

async function tailsOf(stars: readonly StarInput[]): Promise<readonly number[]> {
  return (await model.familiarities(stars)).flatMap(one => (one === null ? [] : [one]))
}

const fresh = usualStars(9_100_001, count)
const usual = await tailsOf(fresh)
print(
  `usual stars: ${usual.length} of ${count}, below 0.01 ${percent(below(usual, 0.01))}, below 0.001 ${percent(below(usual, 0.001))}`,
)
print('| stars | number | area | below 0.01 | below 0.001 |')
print('|---|---|---|---|---|')
const kinds: readonly (readonly [string, () => Promise<readonly StarInput[]>])[] = [
  ['one band 1 mag off', async () => shiftedStars(fresh, 1)],
  ['two bands exchanged', async () => swappedStars(fresh, 2)],
  ...strangers.map(kind => [kind, () => strangersOf(kind, 5, Math.ceil(count / 4))] as const),
]
for (const [name, draw] of kinds) {
  const tails = await tailsOf(await draw())
  const all = Float64Array.from([...usual, ...tails], tail => 1 - tail)
  const area = rocCurve(all, [...usual.map(() => false), ...tails.map(() => true)])?.area ?? Number.NaN
  print(
    `| ${name} | ${tails.length} | ${area.toFixed(3)} | ${percent(below(tails, 0.01))} | ${percent(below(tails, 0.001))} |`,
  )
}
await model.close()

// `birthline draw three-variables`: a mask of attention is an independence of what is learned, against closed form.
import { resolve } from 'node:path'
import {
  learnThreeVariables,
  scoreError,
  scoreRows,
  type ThreeQuestion,
  threeVariables,
  threeVariablesPlan,
  trueScore,
} from '../../models/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { type ScorePanel, scorePlot } from '../figures/scorePlot.ts'
import { count, openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, exitCodes, seedOf } from './commandLine.ts'
import { checkNamedFiles } from './namedFiles.ts'
import { wholeOption } from './numberOptions.ts'

const all: ThreeQuestion = { roles: ['asked', 'asked', 'asked'], isParted: false }
const apart: ThreeQuestion = { ...all, isParted: true }
const SIGMAS = [0.2, 0.4, 0.8, 1.6, 3.2, 8] as const
/** Of the arrows. */
const SIGMA = 0.4
const REACH = 2.2
const STEPS = { low: 10, high: 100_000 } as const
const side = Math.sqrt(scoreRows)

export const drawThreeVariables: CommandCode = async (line, _args, values) => {
  const { terminal, signal, nowMs, workingFolder } = line
  const seed = seedOf(line)
  const steps = wholeOption(values, 'steps', STEPS.low, STEPS.high)
  const path = resolve(workingFolder, String(values.out))
  await checkNamedFiles([{ what: '--out', path, isWritten: true }])
  const progress = openProgress(terminal, 'training', 'steps', nowMs)
  const plan = { ...threeVariablesPlan, steps, seed, signal, onStep: (done: number) => progress.update(done, steps) }
  const learned = await learnThreeVariables(threeVariables, plan).finally(() => progress.end())
  try {
    const arrowsAt = async (question: ThreeQuestion, z: number) => {
      const points = new Float64Array(3 * scoreRows)
      for (let row = 0; row < scoreRows; row++) {
        const at = (k: number) => REACH * ((2 * k) / (side - 1) - 1)
        points.set([at(row % side), at(Math.floor(row / side)), z], 3 * row)
      }
      const score = await learned.score(points, question, SIGMA)
      return Array.from({ length: scoreRows }, (_, row): ScorePanel['arrows'][number] => {
        const [x, y] = points.subarray(3 * row)
        const [trueX, trueY] = trueScore(threeVariables, question, points.subarray(3 * row, 3 * row + 3), SIGMA)
        return { x, y, learned: [score[3 * row], score[3 * row + 1]], truth: [trueX, trueY] }
      })
    }
    const parted = await arrowsAt(apart, -1)
    const moved = (await arrowsAt(apart, 1)).filter(({ learned: [u, v] }, row) => {
      return u !== parted[row].learned[0] || v !== parted[row].learned[1]
    }).length
    const errorsOf = async (question: ThreeQuestion, judge: ThreeQuestion) => {
      const points: { sigma: number; error: number }[] = []
      for (const sigma of SIGMAS) {
        points.push({ sigma, error: await scoreError(learned, threeVariables, question, sigma, seed, judge) })
      }
      return points
    }
    const curves = [
      { name: 'z apart, from p(x, y) p(z): what should have been learned', points: await errorsOf(apart, apart) },
      { name: 'z apart, from p(x, y, z): what the mask keeps out', points: await errorsOf(apart, all) },
      { name: 'all seen, from p(x, y, z): what should have been learned', points: await errorsOf(all, all) },
    ]
    const panels = [
      {
        heading: 'z apart: attention parts (x, y) from z',
        note:
          moved === 0
            ? 'the same to the bit for z = \u22121 and z = 1'
            : `${moved} arrows differ between z = \u22121 and 1`,
        arrows: parted,
      },
      {
        heading: 'all seen, z = \u22121',
        note: 'x and y go to what a low z tells of',
        arrows: await arrowsAt(all, -1),
      },
      { heading: 'all seen, z = 1', note: 'and to what a high one does', arrows: await arrowsAt(all, 1) },
    ]
    const title = 'The score of three correlated numbers, learned and true'
    const subtitles = [
      `One network, ${count(steps)} steps, seed ${seed}. Arrows: its score in (x, y) at noise ${SIGMA} over the gradient of the log density.`,
      'z tells of x and y, yet where the mask keeps it from them the network learns the score of p(x, y) p(z).',
    ]
    await writeTextFile(path, scorePlot({ title, subtitles, panels, reach: REACH, curves }))
    if (terminal.isJson) {
      await terminal.print(JSON.stringify({ path, seed, steps, arrowsThatSeeZ: moved, curves }))
      return exitCodes.ok
    }
    for (const { name, points } of curves) {
      await terminal.print(
        `${name}: ${points.map(({ sigma, error }) => `${error.toFixed(3)} at noise ${sigma}`).join(', ')}`,
      )
    }
    await terminal.print(`Arrows of x and y that change with z where it is apart: ${moved} of ${scoreRows}`)
    await terminal.print(`Figure: ${path}`)
    return exitCodes.ok
  } finally {
    await learned.close()
  }
}

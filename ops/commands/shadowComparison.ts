// `birthline model compare`: a shadow's posteriors against those in force.
import { servingModel } from '../../actors/index.ts'
import { ComparisonTally, type GroupShift, type ModelComparison, type Spread } from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { patternName } from '../calibration/missingPatterns.ts'
import { namedModel } from '../runs/modelInForce.ts'
import { readModelPairs, type Unpaired } from '../stars/modelPairs.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { count } from '../terminal/progressLine.ts'
import { renderTable } from '../terminal/textTable.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { wholeOption } from './numberOptions.ts'

const MAX_LIMIT = 10_000

export const compareModels: CommandCode = async (line, args, values) => {
  const { config, terminal, signal } = line
  const limit = wholeOption(values, 'limit', 1, MAX_LIMIT)
  const { name, model: candidate } = namedModel(config, args[0])
  const log = await openStarLog(config)
  try {
    const serving = await servingModel(log)
    if (serving === null || serving === candidate) {
      throw new FusionError(
        'QUESTION_INVALID',
        serving === null
          ? 'No model is in force in this log yet: there is nothing to compare with.'
          : `Model ${name} is in force itself: there is nothing to compare it with.`,
      )
    }
    const tally = new ComparisonTally(limit)
    const unpaired: Unpaired = { waiting: 0, otherModel: 0 }
    for await (const { before, after } of readModelPairs(log, { serving, candidate }, unpaired)) {
      signal.throwIfAborted()
      tally.add(before, after)
    }
    const comparison = withNames(tally.result())
    if (terminal.isJson) {
      await terminal.print(JSON.stringify({ name, model: candidate, inForce: serving, ...comparison, ...unpaired }))
      return exitCodes.ok
    }
    await terminal.print(`${name} (${candidate}) against the model in force (${serving})`)
    for (const text of describe(comparison, unpaired, name)) await terminal.print(text)
    return exitCodes.ok
  } finally {
    await log.close()
  }
}

function withNames(comparison: ModelComparison) {
  const patterns = comparison.patterns.map(({ given, ...group }) => ({
    pattern: given === null ? 'all other patterns' : patternName(given),
    ...group,
  }))
  return { ...comparison, patterns }
}

const right = { align: 'right' as const }

function describe(
  comparison: ReturnType<typeof withNames>,
  { waiting, otherModel }: Unpaired,
  name: string,
): readonly string[] {
  const { starCount, parameters, patterns, classChanges, mostChanged, chanceSigma } = comparison
  const left = [
    ...(waiting > 0 ? [`${count(waiting)} wait for ${name}: \`birthline model shadow ${name}\` goes on`] : []),
    ...(otherModel > 0 ? [`${count(otherModel)} have a posterior of a third model, or of ${name}`] : []),
  ]
  const stars = `${count(starCount)} stars compared${left.length > 0 ? `; ${left.join('; ')}` : ''}.`
  if (starCount === 0) return [stars]
  const quantiles = ['16%', 'median', '84%']
  return [
    stars,
    `Shifts are of the medians, in sigma of the model in force; samples alone move them by up to ${chanceSigma.toFixed(2)} (standard deviation).`,
    '',
    ...renderTable(
      [
        { title: 'Parameter' },
        ...quantiles.map(one => ({ title: `shift ${one}`, ...right })),
        { title: '> 1 sigma', ...right },
        ...quantiles.map(one => ({ title: `width ${one}`, ...right })),
      ],
      parameters.map(({ parameter, sigmas, beyondOne, widthRatios }) => [
        ...[parameter, ...texts(sigmas), percent(beyondOne), ...texts(widthRatios)],
      ]),
    ),
    '',
    ...renderTable(
      [
        { title: 'Pattern' },
        { title: 'Stars', ...right },
        { title: 'Largest median shift' },
        { title: 'Class differs', ...right },
        { title: 'P(young) moves by', ...right },
      ],
      patterns.map(group => [
        ...[group.pattern, count(group.starCount), largestShift(group)],
        ...[percent(group.otherClassCount / group.starCount), group.meanYoungChange.toFixed(3)],
      ]),
    ),
    '',
    classChanges.length === 0
      ? 'No star has another most probable class.'
      : `Another most probable class: ${classChanges.map(one => `${count(one.starCount)} from ${one.before} to ${one.after}`).join(', ')}.`,
    '',
    ...renderTable(
      [
        { title: 'Most changed' },
        { title: 'Parameter' },
        { title: 'Shift', ...right },
        { title: 'Class' },
        { title: 'P(young)' },
      ],
      mostChanged.map(one => [
        ...[one.starId, one.parameter, signed(one.sigma)],
        one.classBefore === one.classAfter ? one.classAfter : `${one.classBefore} -> ${one.classAfter}`,
        `${one.youngBefore.toFixed(2)} -> ${one.youngAfter.toFixed(2)}`,
      ]),
    ),
  ]
}

function largestShift({ parameters }: GroupShift): string {
  const [largest] = [...parameters].sort((a, b) => Math.abs(b.sigmas[1] ?? 0) - Math.abs(a.sigmas[1] ?? 0))
  return largest === undefined ? '' : `${largest.parameter} ${signed(largest.sigmas[1] ?? 0)}`
}

function texts(values: Spread): readonly string[] {
  return values.map(value => (value === null ? '' : value.toFixed(2)))
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`
}

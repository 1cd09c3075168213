// `birthline task`: reference tasks of simulation-based inference, learned from simulations and asked any conditional.
import { join, resolve } from 'node:path'
import type { DensityRequest, Importance, JointModel, Task } from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { openTableWriter } from '../../streams/index.ts'
import { readTaskQuestion } from '../tasks/taskQuestion.ts'
import { duration } from '../terminal/progressLine.ts'
import { openStepNotes } from '../terminal/stepNotes.ts'
import {
  type CommandCode,
  type CommandLine,
  type ExitCode,
  exitCodes,
  type OptionValues,
  roomySeed,
} from './commandLine.ts'
import { distil } from './distilTask.ts'
import { checkNamedFiles } from './namedFiles.ts'
import { wholeOption } from './numberOptions.ts'

const STATE = 'training.state'
const ROWS_AT_A_TIME = 1000
const MIN_SIMULATIONS = 100
const MAX_SIMULATIONS = 1_000_000
const MAX_STEPS = 10_000_000

async function taskNamed(name: string): Promise<Task> {
  const { taskTable } = await import('../../models/index.ts')
  const task = taskTable.get(name)
  if (task !== undefined) return task
  throw new FusionError(
    'CONFIG_INVALID',
    `There is no task "${name}"; the tasks are ${[...taskTable.keys()].join(', ')}.`,
  )
}

/** What is done with a task, and the options that it cannot do without. */
const actions = {
  train: { required: ['simulations', 'out'], run: train },
  sample: { required: ['model', 'out'], run: sample },
  distil: { required: ['model'], run: distil },
} as const

export const task: CommandCode = async (line, [name, action], values) => {
  const found = await taskNamed(name)
  if (!(action === 'train' || action === 'sample' || action === 'distil')) {
    throw new FusionError('CONFIG_INVALID', `A task cannot be "${action}": write train, sample or distil.`)
  }
  const { required, run } = actions[action]
  const absent = required.find(option => values[option] === undefined)
  if (absent !== undefined) {
    throw new FusionError('CONFIG_INVALID', `birthline task ${name} ${action} needs --${absent}.`)
  }
  return run(line, found, values)
}

async function train(line: CommandLine, task: Task, values: OptionValues): Promise<ExitCode> {
  const simulations = wholeOption(values, 'simulations', MIN_SIMULATIONS, MAX_SIMULATIONS)
  const { jointRecipe, JOINT_MEMBERS, jointTableOf, removeBestState, trainJoint, writeJointFile } = await import(
    '../../models/index.ts'
  )
  const { terminal, signal, nowMs } = line
  const outFolder = resolve(line.workingFolder, String(values.out))
  const seed = roomySeed(line)
  const recipeOf = (member: number) => {
    const recipe = jointRecipe(seed + member, simulations)
    return { ...recipe, steps: wholeOption(values, 'steps', 1, MAX_STEPS, recipe.steps) }
  }
  const table = jointTableOf(task, task.draw(seed, 0, simulations))
  const models: JointModel[] = []
  const heldOutLosses: number[] = []
  const note = openStepNotes(terminal, nowMs)
  const startedMs = nowMs()
  for (let member = 0; member < JOINT_MEMBERS; member++) {
    const trained = await trainJoint(table, recipeOf(member), {
      signal,
      statePath: join(outFolder, `${member}.${STATE}`),
      onProgress({ step, steps, loss, heldOutLoss, remainingS }) {
        const left = duration(remainingS + (JOINT_MEMBERS - 1 - member) * ((remainingS * steps) / (steps - step + 1)))
        const network = JOINT_MEMBERS === 1 ? '' : `network ${member + 1} of ${JOINT_MEMBERS}, `
        note(
          `training: ${network}step ${step} of ${steps}, loss ${loss.toFixed(4)}, held out ${heldOutLoss.toFixed(4)}, about ${left} left`,
        )
      },
    })
    models.push(trained.model)
    heldOutLosses.push(trained.bestLoss)
  }
  const card = { task: task.name, simulations, seed, recipe: recipeOf(0), heldOutLosses }
  writeJointFile(outFolder, card, models)
  for (let member = 0; member < JOINT_MEMBERS; member++) removeBestState(join(outFolder, `${member}.${STATE}`))
  const tookS = (nowMs() - startedMs) / 1000
  if (terminal.isJson) await terminal.print(JSON.stringify({ ...card, outFolder, tookS }))
  else {
    await terminal.print(
      `${task.title}: learned from ${simulations} simulations in ${duration(tookS)}; the model is in ${outFolder}.`,
    )
    await terminal.print(
      `Next: birthline task ${task.name} sample --model ${outFolder} --observation OBS.csv --samples 1000 --out samples.csv`,
    )
  }
  return exitCodes.ok
}

async function sample(line: CommandLine, task: Task, values: OptionValues): Promise<ExitCode> {
  const count = line.config.sampleCount
  const pathOf = (value: unknown) => resolve(line.workingFolder, String(value))
  const [modelFolder, outPath] = [pathOf(values.model), pathOf(values.out)]
  const observationPath = values.observation === undefined ? null : pathOf(values.observation)
  await checkNamedFiles([
    ...(observationPath === null ? [] : [{ what: '--observation', path: observationPath, isWritten: false }]),
    { what: '--out', path: outPath, isWritten: true },
  ])
  const { jointSampling, openStudent, readJointFile, readStudentFile, sampleJoint } = await import(
    '../../models/index.ts'
  )
  if (values.fast === true && values.weighted === true) {
    throw new FusionError(
      'CONFIG_INVALID',
      'The samples of --fast have no known density: leave out --fast or --weighted.',
    )
  }
  const { card, models } = readJointFile(modelFolder)
  if (card.task !== task.name) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `The model in ${modelFolder} has learned ${card.task}, not ${task.name}; name that task or give another --model.`,
    )
  }
  const { given, asked } = await readTaskQuestion(task, {
    observationPath,
    given: values.given === undefined ? null : String(values.given),
    asked: values.for === undefined ? null : String(values.for),
  })
  const request = { given, asked, count, seed: roomySeed(line), signal: line.signal }
  const byStudent = async () => {
    const isPosterior = task.variables.every(
      ({ role }, i) => given.has(i) === (role === 'data') && asked.includes(i) === (role === 'parameter'),
    )
    if (!isPosterior) {
      throw new FusionError(
        'CONFIG_INVALID',
        '--fast answers for all parameters given all data and nothing else: leave it out for any other question.',
      )
    }
    const student = await openStudent(readStudentFile(modelFolder, task.name, models[0]))
    try {
      return await student.sample(request)
    } finally {
      await student.close()
    }
  }
  const weighed = values.weighted === true ? await weighedSamples(task, models, request) : null
  const ask = () => (values.fast === true ? byStudent() : sampleJoint(models, request, jointSampling))
  const samples = weighed?.samples ?? (await ask())
  const names = asked.map(i => task.variables[i].name)
  const columns = [...names, ...(weighed === null ? [] : ['weight'])].map(name => ({ name, type: 'double' as const }))
  const writer = await openTableWriter(outPath, columns, { meta: { title: `birthline: ${task.title}` } })
  try {
    for (let first = 0; first < count; first += ROWS_AT_A_TIME) {
      const size = Math.min(ROWS_AT_A_TIME, count - first)
      const column = (c: number) =>
        Float64Array.from({ length: size }, (_, i) => samples[(first + i) * asked.length + c])
      await writer.writeColumns({
        ...Object.fromEntries(names.map((name, c) => [name, column(c)])),
        ...(weighed !== null && { weight: weighed.importance.weights.slice(first, first + size) }),
      })
    }
    await writer.close()
  } finally {
    await writer.abandon()
  }
  const { effectiveSize, logEvidence, logEvidenceErr } = weighed?.importance ?? {}
  if (line.terminal.isJson) {
    const worth = weighed === null ? {} : { effectiveSize, logEvidence, logEvidenceErr }
    await line.terminal.print(JSON.stringify({ out: outPath, samples: count, names, ...worth }))
  } else await line.terminal.print(`${count} samples of ${names.join(', ')}: ${outPath}`)
  if (weighed !== null && !line.terminal.isJson) await line.terminal.print(describeWorth(weighed.importance))
  return exitCodes.ok
}

/** Samples with how much each counts beside the task's own density. */
async function weighedSamples(
  task: Task,
  models: readonly JointModel[],
  { asked, ...request }: DensityRequest & { readonly asked: readonly number[] },
): Promise<{ readonly samples: Float64Array; readonly importance: Importance }> {
  const { jointSampling, weighSamples } = await import('../../models/index.ts')
  const { values, importance } = await weighSamples(models, task.logJoint, request, jointSampling.levels)
  const width = task.variables.length
  const samples = Float64Array.from({ length: request.count * asked.length }, (_, at) => {
    return values[Math.floor(at / asked.length) * width + asked[at % asked.length]]
  })
  return { samples, importance }
}

function describeWorth({ weights, effectiveSize, logEvidence, logEvidenceErr }: Importance): string {
  if (logEvidence === null || logEvidenceErr === null) {
    return 'None of them is possible by the task itself: all weights are 0.'
  }
  const evidence = `${logEvidence.toFixed(3)} +- ${logEvidenceErr.toFixed(3)}`
  return `Weighed by the task's own density they are worth ${effectiveSize.toFixed(0)} of ${weights.length}; log density of what is given: ${evidence}.`
}

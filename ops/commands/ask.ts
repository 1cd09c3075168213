// `birthline ask`: any question of one star, or of one that is told on the command line.
import { resolve } from 'node:path'
import { openInferPool, toStarInput } from '../../actors/index.ts'
import type { Question, StarAnswer, StarInput } from '../../models/index.ts'
import { openTableWriter, type TableWriter } from '../../streams/index.ts'
import { type AnswerSource, answerView, describeAnswer } from '../questions/answerView.ts'
import { unitOf } from '../questions/quantityNames.ts'
import { readQuestion } from '../questions/questionText.ts'
import { folderOf } from '../runs/modelInForce.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { modelInForce } from '../stars/publishedModels.ts'
import { findStars } from '../stars/starFinder.ts'
import { type CommandCode, type CommandLine, exitCodes, type OptionValues } from './commandLine.ts'
import { readOption } from './failure.ts'
import { notOneStar } from './star.ts'

/** Rows that are handed to a table at a time. */
const BATCH_ROWS = 4096

export const ask: CommandCode = async (line, args, values) => {
  const text = (value: OptionValues[string]) => (typeof value === 'string' ? value : '')
  const question = readOption(() =>
    readQuestion({
      asked: text(values.for),
      given: text(values.given),
      prior: text(values.prior),
      without: text(values.without),
      isByTokens: values.tokens === true,
    }),
  )
  const star = args.length === 0 ? { key: 'told', given: [] } : await starOfLog(line, args.join(' '))
  const { sampleCount, seed } = line.config
  const model = await openInferPool({ checkpointFolder: await answeringFolder(line), threads: 1 })
  try {
    const source = { model: model.fingerprint, seed }
    // Before anything is drawn: a table that cannot be written is told at once.
    const writer =
      typeof values.out === 'string' ? await openSamples(line, values.out, question, star.key, source) : null
    try {
      const [answer] = await model.ask([star], question, { sampleCount, seed })
      line.signal.throwIfAborted()
      if (writer !== null) await writeSamples(writer, answer)
      const { terminal } = line
      if (terminal.isJson) await terminal.print(JSON.stringify(answerView(question, answer, source)))
      else for (const row of describeAnswer(question, answer, source)) await terminal.print(row)
      if (writer !== null) terminal.note(`Samples: ${writer.path}`)
    } finally {
      await writer?.abandon()
    }
    return exitCodes.ok
  } finally {
    await model.close()
  }
}

/** The model that made the star's posteriors answers, where it is at hand and no other is named. */
async function answeringFolder({ config }: CommandLine): Promise<string | null> {
  if (config.modelFolder !== null) return config.modelFolder
  const serving = await modelInForce(config)
  return serving === null ? null : folderOf(config, serving)
}

/** What the log knows of the star that goes by an id. */
async function starOfLog(line: CommandLine, id: string): Promise<StarInput> {
  const log = await openStarLog(line.config)
  try {
    const found = await findStars(log, id)
    if (found.length !== 1) throw notOneStar(id, found)
    return toStarInput(found[0].star)
  } finally {
    await log.close()
  }
}

function openSamples(
  line: CommandLine,
  file: string,
  { asked }: Question,
  star: string,
  { model, seed }: AnswerSource,
): Promise<TableWriter> {
  const columns = asked.map(one => ({
    name: one.name,
    type: 'double' as const,
    unit: unitOf(one),
    description: `samples of ${one.name}`,
  }))
  const meta = { title: 'birthline: samples of an answer', star, model, seed: String(seed) }
  return openTableWriter(resolve(line.workingFolder, file), columns, { meta })
}

async function writeSamples(writer: TableWriter, { names, samples, sampleCount }: StarAnswer): Promise<void> {
  for (let first = 0; first < sampleCount; first += BATCH_ROWS) {
    const rows = Array.from({ length: Math.min(BATCH_ROWS, sampleCount - first) }, (_, s) =>
      Object.fromEntries(names.map((name, n) => [name, samples[n * sampleCount + first + s]])),
    )
    await writer.write(rows)
  }
  await writer.close()
}

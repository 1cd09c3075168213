// `birthline copy`: the whole log to another place, such as from a folder to brokers once one machine is outgrown.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type CopyResult, copyLog } from '../../actors/index.ts'
import { FusionError, isFusionError } from '../../schemas/index.ts'
import { type Log, openLog } from '../../streams/index.ts'
import { type Config, settings } from '../settings/config.ts'
import { Refusal } from '../settings/setting.ts'
import { logConfig, logFolder, openStarLog } from '../stars/openStarLog.ts'
import { count, openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, type CommandLine, type ExitCode, exitCodes, type OptionValues } from './commandLine.ts'
import { UsageError } from './failure.ts'

/** Where a copy goes. */
interface Target {
  /** For people: a folder, or brokers and prefix. */
  readonly name: string
  open(): Promise<Log>
  /** Once all is there and compared, and the log is closed. */
  complete(): Promise<void>
  /** After a failure: what can be taken away again is, and the rest is told. */
  abandon(): Promise<string>
}

export const copy: CommandCode = async (line, _args, values) => {
  const target = values.to === undefined ? brokerTarget(line, values) : folderTarget(line, values)
  const source = await openSource(line.config)
  const scratchFolder = await mkdtemp(join(tmpdir(), 'birthline-copy-'))
  const progress = openProgress(line.terminal, 'copying', 'records', line.nowMs)
  let isComplete = false
  try {
    const log = await target.open()
    let result: CopyResult
    try {
      const { signal } = line
      const onProgress = (done: number, total: number) => progress.update(done, total)
      result = await copyLog(source, log, { scratchFolder, signal, onProgress })
    } finally {
      await log.close()
    }
    await target.complete()
    isComplete = true
    progress.end()
    return await report(line, target.name, result)
  } catch (error) {
    if (!line.signal.aborted || isFusionError(error)) throw error
    return exitCodes.interrupted
  } finally {
    progress.end()
    if (!isComplete) line.terminal.note(`birthline: ${await target.abandon()}`)
    await rm(scratchFolder, { recursive: true, force: true })
    await source.close()
  }
}

async function report({ terminal }: CommandLine, name: string, { counts, keys }: CopyResult): Promise<ExitCode> {
  const records = Object.values(counts).reduce((sum, one) => sum + one, 0)
  if (terminal.isJson) await terminal.print(JSON.stringify({ to: name, records, keys, topics: counts }))
  else {
    await terminal.print(
      `${count(records)} records were copied to ${name}; ${count(keys)} keys were compared, and all agree.`,
    )
    await terminal.print('The log that was copied is as it was: write to one of the two from now on.')
  }
  return exitCodes.ok
}

/** In a folder the claim keeps others from writing; on brokers the ends of the topics tell afterwards. */
async function openSource(config: Config): Promise<Log> {
  const wanted = logConfig(config)
  return wanted.kind === 'embedded' && existsSync(wanted.folder) ? openLog(wanted) : openStarLog(config)
}

/** Made beside its name, and given that name when it is whole. */
function folderTarget(line: CommandLine, values: OptionValues): Target {
  for (const flag of ['toBrokers', 'toPrefix', 'toPartitions']) {
    if (values[flag] !== undefined) throw new UsageError('Give either --to or --to-brokers with what belongs to it.')
  }
  const dataFolder = resolve(line.workingFolder, String(values.to))
  const folder = logFolder({ ...line.config, dataFolder })
  const draft = `${folder}.part`
  const remove = () => rm(draft, { recursive: true, force: true })
  let isOurs = false
  return {
    name: dataFolder,
    async open() {
      if (existsSync(folder)) {
        throw new FusionError(
          'CONFIG_INVALID',
          `There is a log in ${dataFolder} already: name another folder with --to.`,
        )
      }
      await makeFolder(dataFolder)
      await checkDraft(draft)
      isOurs = true
      await remove()
      return openLog({ kind: 'embedded', folder: draft })
    },
    complete: () => rename(draft, folder),
    async abandon() {
      if (isOurs) await remove()
      return `nothing was left in ${dataFolder}`
    },
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new FusionError(
      'LOG_UNAVAILABLE',
      `The folder ${folder} cannot be made (${problem}): name another with --to.`,
      {
        cause,
      },
    )
  }
}

/** @throws FusionError LOG_IN_USE when another process copies to it */
async function checkDraft(draft: string): Promise<void> {
  if (!existsSync(draft)) return
  try {
    const log = await openLog({ kind: 'embedded', folder: draft })
    await log.close()
  } catch (error) {
    // Of a copy that was killed anything may be left.
    if (!isFusionError(error) || error.code === 'LOG_IN_USE') throw error
  }
}

function brokerTarget(line: CommandLine, values: OptionValues): Target {
  const brokers = values.toBrokers
  if (typeof brokers !== 'string') throw new UsageError('Name where to copy to: --to FOLDER or --to-brokers HOST:PORT.')
  const { config, workingFolder } = line
  // Each is a setting by another name, and may be what the setting may be.
  const read = <K extends keyof Config>(key: K, flag: string, text: string) => {
    try {
      return settings.find(one => one.key === key)?.parse(text, workingFolder) as Config[K]
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw new UsageError(`${flag} is "${text}": it must be ${error.message}.`)
    }
  }
  const { toPrefix: prefix, toPartitions: partitions } = values
  const kafkaBrokers = read('kafkaBrokers', '--to-brokers', brokers)
  const kafkaPrefix = typeof prefix === 'string' ? read('kafkaPrefix', '--to-prefix', prefix) : config.kafkaPrefix
  const kafkaPartitions = typeof partitions === 'string' ? read('kafkaPartitions', '--to-partitions', partitions) : null
  const name = `${brokers} under ${kafkaPrefix}`
  return {
    name,
    open: () =>
      openLog(logConfig({ ...config, kafkaBrokers, kafkaPrefix, kafkaTransactionalId: null, kafkaPartitions })),
    complete: async () => {},
    abandon: async () =>
      `what may have come to ${name} so far is no log: delete its topics, or copy again with another --to-prefix`,
  }
}

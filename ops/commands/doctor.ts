// `birthline doctor`: looks where things go wrong, and says what to do.
import { existsSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { isFusionError, packageFile } from '../../schemas/index.ts'
import { topics } from '../../streams/index.ts'
import { accessWarnings } from '../kafka/brokerAccess.ts'
import { type Config, settings, unknownVariables } from '../settings/config.ts'
import type { Setting } from '../settings/setting.ts'
import { logFolder, openStarLog } from '../stars/openStarLog.ts'
import { modelInForce } from '../stars/publishedModels.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'

/** `wrong` stops birthline from working, `unsure` may. */
export interface Finding {
  readonly what: string
  readonly state: 'good' | 'unsure' | 'wrong'
  readonly found: string
  /** What to do; `null` where nothing needs doing. */
  readonly remedy: string | null
}

const MIB = 2 ** 20
const LOW_DISK_BYTES = 1024 * MIB
const LOW_MEMORY_BYTES = 1024 * MIB

const good = (what: string, found: string): Finding => ({ what, state: 'good', found, remedy: null })
const unsure = (what: string, found: string, remedy: string): Finding => ({ what, state: 'unsure', found, remedy })
const wrong = (what: string, found: string, remedy: string): Finding => ({ what, state: 'wrong', found, remedy })

export const doctor: CommandCode = async line => {
  const findings = [
    checkNode(),
    checkMachine(),
    ...checkPackages(),
    ...checkSettings(line),
    await checkDisk(line.config.dataFolder),
    await checkLog(line),
    ...(await checkDevices(line)),
    await checkModel(line),
  ].map(finding => ({
    ...finding,
    found: line.redact(finding.found),
    remedy: finding.remedy === null ? null : line.redact(finding.remedy),
  }))
  const isWell = findings.every(({ state }) => state !== 'wrong')
  const { terminal } = line
  if (terminal.isJson) await terminal.print(JSON.stringify({ isWell, findings }))
  else {
    for (const { what, state, found, remedy } of findings) {
      await terminal.print(`${marks[state]}  ${what}: ${found}`)
      if (remedy !== null) await terminal.print(`      ${remedy}`)
    }
  }
  return isWell ? exitCodes.ok : exitCodes.failure
}

const marks = { good: '  ok', unsure: 'look', wrong: ' FIX' } as const

function checkNode(): Finding {
  const version = process.versions.node
  const [major, minor] = version.split('.').map(Number)
  const found = `${version} on ${process.platform} ${process.arch}`
  const isNewEnough = major > 20 || (major === 20 && minor >= 20)
  return isNewEnough ? good('Node', found) : wrong('Node', found, 'Install Node 20.20 or newer.')
}

function checkMachine(): Finding {
  const found = `${availableParallelism()} cores, ${gib(freemem())} of ${gib(totalmem())} memory free`
  return freemem() < LOW_MEMORY_BYTES
    ? unsure('Machine', found, 'Less than 1 GiB is free: use --workers 1, or close other programs.')
    : good('Machine', found)
}

/** The packages that carry native code: a copy made for another machine is found here. */
function checkPackages(): readonly Finding[] {
  return ['lmdb', 'onnxruntime-node', '@tensorflow/tfjs'].map(name => {
    const file = packageFile('node_modules', name, 'package.json')
    if (!existsSync(file)) return wrong(name, 'not installed', 'Run npm ci in the folder of birthline.')
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }
    return good(name, version)
  })
}

function shownValue({ key, isSecret }: Setting<Config>, config: Config): string {
  const value = config[key]
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'as delivered'
  return isSecret === true ? 'set' : String(value)
}

function checkSettings({ config, env }: CommandLine): readonly Finding[] {
  const shown = settings.map(one => `${one.key} ${shownValue(one, config)}`).join(', ')
  return [
    good('Settings', shown),
    ...unknownVariables(env).map(name =>
      unsure('Environment', `${name} is no setting`, `Known are ${settings.map(one => one.env).join(', ')}.`),
    ),
  ]
}

async function checkDisk(folder: string): Promise<Finding> {
  let existing = folder
  while (!existsSync(existing)) existing = dirname(existing)
  const { bavail, bsize } = await statfs(existing)
  const found = `${gib(bavail * bsize)} free for ${folder}`
  return bavail * bsize < LOW_DISK_BYTES
    ? unsure('Disk', found, 'Free space, or name a folder on another disk with --data.')
    : good('Disk', found)
}

async function checkLog({ config }: CommandLine): Promise<Finding> {
  const isOnBrokers = config.kafkaBrokers !== null
  if (!isOnBrokers && !existsSync(logFolder(config))) return good('Log', `none yet in ${config.dataFolder}`)
  try {
    const log = await openStarLog(config)
    try {
      const counts: string[] = []
      for (const { name } of topics) {
        const held = (await log.extents(name)).reduce((sum, { first, end }) => sum + end - first, 0)
        counts.push(`${name} ${held}`)
      }
      const where = isOnBrokers ? `offsets on ${config.kafkaBrokers?.join(', ')}` : `records in ${logFolder(config)}`
      const [warning] = isOnBrokers ? accessWarnings(config) : []
      if (warning !== undefined) return unsure('Log', where, warning)
      return good('Log', `${where}: ${counts.join(', ')}`)
    } finally {
      await log.close()
    }
  } catch (error) {
    if (!isFusionError(error)) throw error
    return wrong('Log', error.code, error.message)
  }
}

/** Each device is opened and used. One that is not here is no fault, unless it was chosen. */
async function checkDevices({ config }: CommandLine): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const device of ['cpu', 'cuda', 'webgpu'] as const) {
    const isChosen = device === config.device
    const what = `Device ${device}`
    try {
      const { checkDevice } = await import('../../models/index.ts')
      await checkDevice(device)
      findings.push(good(what, isChosen ? 'works; posteriors are drawn on it' : `works; --device ${device} chooses it`))
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error)
      const reason = isFusionError(error) ? String(error.detail.reason ?? said) : said
      const remedy = 'See docs/gpu.md for what it needs, or choose --device cpu.'
      findings.push(isChosen ? wrong(what, reason, remedy) : good(what, `not here: ${reason}`))
    }
  }
  return findings
}

/** Draws a few samples too: that is what native engines fail at. */
async function checkModel({ config }: CommandLine): Promise<Finding> {
  try {
    // The engine is loaded only now, so that all else can be looked at where it cannot be.
    const { openPosteriorModel } = await import('../../models/index.ts')
    const { folderOf } = await import('../runs/modelInForce.ts')
    const serving = config.modelFolder === null ? await servingOf(config) : null
    const folder = serving === null ? config.modelFolder : folderOf(config, serving)
    if (serving !== null && folder === null) {
      return wrong(
        'Model',
        `${serving} is in force in the log, and is not here`,
        'Name its checkpoint with --model, publish it with birthline model publish, or put another in force with birthline model use.',
      )
    }
    const model = await openPosteriorModel(folder ?? undefined, undefined, config.device)
    try {
      const given = [{ quantity: 'gMag', value: 12, err: 0.01, isLimit: false }]
      await model.infer([{ key: 'doctor', given }], { sampleCount: 16, seed: 1n })
      return good('Model', `${model.fingerprint}, draws samples`)
    } finally {
      await model.close()
    }
  } catch (error) {
    if (isFusionError(error)) return wrong('Model', error.code, error.message)
    const found = error instanceof Error ? error.message : String(error)
    return wrong(
      'Model',
      found,
      'The engine does not work here: run npm ci in the folder of birthline, then see README.md.',
    )
  }
}

/** A log that cannot be opened is told of as such. */
async function servingOf(config: Config): Promise<string | null> {
  try {
    return await modelInForce(config)
  } catch (error) {
    if (!isFusionError(error)) throw error
    return null
  }
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}

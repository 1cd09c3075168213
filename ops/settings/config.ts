// Env, file and flags become one frozen Config, checked once at the door; every other file is handed values.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { Device } from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { type HttpSettings, httpSettings } from './httpSettings.ts'
import { type KafkaSettings, kafkaSettings } from './kafkaSettings.ts'
import { type LogSettings, logSettings } from './logSettings.ts'
import { oneOf, parseFolder, Refusal, type Setting, settingOf, whole } from './setting.ts'

interface PipelineSettings {
  /** Folder of the embedded log, absolute. */
  readonly dataFolder: string
  /** Folder of the checkpoint, absolute; `null` is the one that comes with birthline. */
  readonly modelFolder: string | null
  /** Folder of the published models, absolute; `null` is `models` in the data folder. */
  readonly publishedFolder: string | null
  /** Where posteriors are drawn. */
  readonly device: Device
  /** Threads that draw samples. */
  readonly workers: number
  readonly sampleCount: number
  readonly seed: bigint
  /** Seconds between two probes of a running pipeline; 0 sends none. */
  readonly probeIntervalS: number
}

export interface Config extends PipelineSettings, KafkaSettings, HttpSettings, LogSettings {}

/** Where settings are looked for, weakest last: flags, then the environment, then the file, then the defaults. */
export interface ConfigSources {
  readonly flags: Readonly<Partial<Record<keyof Config, string>>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** A file the user named; it must exist. Without one, `birthline.json` is read where it exists. */
  readonly file?: string
  readonly workingFolder: string
}

function parseSeed(text: string): bigint {
  const value = /^\d{1,19}$/.test(text) ? BigInt(text) : -1n
  if (value < 0n || value >= 2n ** 63n) throw new Refusal('a whole number from 0 to 9223372036854775807')
  return value
}

const setting = settingOf<PipelineSettings>()

const pipelineSettings = [
  setting({
    key: 'dataFolder',
    env: 'BIRTHLINE_DATA_FOLDER',
    flag: 'data',
    description: 'folder of the log and of the outputs',
    parse: parseFolder,
    fallback: folder => resolve(folder, 'birthline-data'),
  }),
  setting({
    key: 'modelFolder',
    env: 'BIRTHLINE_MODEL_FOLDER',
    flag: 'model',
    description: 'folder of another checkpoint',
    parse: parseFolder,
    fallback: () => null,
  }),
  setting({
    key: 'publishedFolder',
    env: 'BIRTHLINE_PUBLISHED_FOLDER',
    flag: 'published',
    description: 'folder of the published models',
    parse: parseFolder,
    fallback: () => null,
  }),
  setting({
    key: 'device',
    env: 'BIRTHLINE_DEVICE',
    flag: 'device',
    description: 'where posteriors are drawn: cpu, or a card by cuda or webgpu',
    parse: oneOf('cpu', 'cuda', 'webgpu'),
    fallback: () => 'cpu',
  }),
  setting({
    key: 'workers',
    env: 'BIRTHLINE_WORKERS',
    flag: 'workers',
    description: 'threads that draw samples',
    parse: whole(1, 256),
    fallback: () => Math.min(availableParallelism(), 256),
  }),
  setting({
    key: 'sampleCount',
    env: 'BIRTHLINE_SAMPLE_COUNT',
    flag: 'samples',
    description: 'samples of each posterior',
    parse: whole(16, 65_536),
    fallback: () => 256,
  }),
  setting({
    key: 'seed',
    env: 'BIRTHLINE_SEED',
    flag: 'seed',
    description: 'seed of the random numbers',
    parse: parseSeed,
    fallback: () => 1n,
  }),
  setting({
    key: 'probeIntervalS',
    env: 'BIRTHLINE_PROBE_INTERVAL_S',
    description: 'seconds between two probe stars that a running pipeline sends through itself; 0 sends none',
    parse: whole(0, 3600),
    fallback: () => 10,
  }),
]

/** Every setting, in the order they are shown. */
export const settings = [
  ...pipelineSettings,
  ...kafkaSettings,
  ...httpSettings,
  ...logSettings,
] as unknown as readonly Setting<Config>[]

const FILE_NAME = 'birthline.json'

/** @throws FusionError CONFIG_INVALID naming the setting, where it stands, and what it must be */
export function loadConfig(sources: ConfigSources): Config {
  const file = readConfigFile(sources)
  const entries = settings.map(({ key, env, flag: option, isSecret, parse, fallback }) => {
    const flag = sources.flags[key]
    const variable = sources.env[env]
    const [text, place] =
      flag !== undefined
        ? [flag, option === undefined ? key : flagName(option)]
        : variable !== undefined && variable !== ''
          ? [variable, env]
          : [file.values.get(key), `"${key}" in ${file.path}`]
    if (text === undefined) return [key, fallback(sources.workingFolder)]
    try {
      return [key, parse(text, sources.workingFolder)]
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // A password must not end up on a screen or in a file of messages.
      const shown = isSecret === true ? 'not as it should be' : `"${text}"`
      throw new FusionError('CONFIG_INVALID', `${place} is ${shown}: it must be ${error.message}.`)
    }
  })
  return Object.freeze(Object.fromEntries(entries)) as unknown as Config
}

/** Variables that look like settings and are none, often misspelt. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = new Set([...settings.map(({ env: name }) => name), 'BIRTHLINE_CONFIG'])
  return Object.keys(env).filter(name => name.startsWith('BIRTHLINE_') && !known.has(name))
}

/** The option as it is typed. */
export function flagName(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

function readConfigFile(sources: ConfigSources): { readonly path: string; readonly values: Map<string, string> } {
  const named = sources.file ?? sources.env.BIRTHLINE_CONFIG
  const path = resolve(sources.workingFolder, named ?? FILE_NAME)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (named === undefined) return { path, values: new Map() }
    throw new FusionError('CONFIG_INVALID', `The settings file ${path} cannot be read: name one that exists.`, {
      cause,
    })
  }
  const invalid = (problem: string) =>
    new FusionError(
      'CONFIG_INVALID',
      `The settings file ${path} ${problem}; known are ${settings.map(s => s.key).join(', ')}.`,
    )
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw invalid('is not JSON: write an object of settings')
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw invalid('must hold an object of settings')
  const keys = new Set<string>(settings.map(({ key }) => key))
  const values = new Map<string, string>()
  for (const [key, value] of Object.entries(parsed)) {
    if (!keys.has(key)) throw invalid(`names "${key}", which is no setting`)
    if (typeof value !== 'string' && typeof value !== 'number')
      throw invalid(`gives "${key}" neither text nor a number`)
    values.set(key, String(value))
  }
  return { path, values }
}

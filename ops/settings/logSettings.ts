// The settings of the structured log: whether it is written, where, and how much it says.
import { oneOf, parseFile, settingOf } from './setting.ts'

export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LogSettings {
  /** `json` turns every line on stderr into a JSON record; `lines` are for people. */
  readonly log: 'lines' | 'json'
  /** JSON records are appended to it, whatever stderr shows; `null` where none is. */
  readonly logFile: string | null
  readonly logLevel: LogLevel
}

const setting = settingOf<LogSettings>()

export const logSettings = [
  setting({
    key: 'log',
    env: 'BIRTHLINE_LOG',
    description: 'what stderr shows: lines for people, or json, a record a line',
    parse: oneOf('lines', 'json'),
    fallback: () => 'lines',
  }),
  setting({
    key: 'logFile',
    env: 'BIRTHLINE_LOG_FILE',
    flag: 'logFile',
    description: 'file that JSON records are appended to as well',
    parse: parseFile,
    fallback: () => null,
  }),
  setting({
    key: 'logLevel',
    env: 'BIRTHLINE_LOG_LEVEL',
    description: 'least of what JSON records tell: error, warn, info (batches) or debug (each record)',
    parse: oneOf(...logLevels),
    fallback: () => 'info',
  }),
]

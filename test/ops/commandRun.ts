// Runs a command's code in this process: the same parsing, settings and errors as the program, without its start.
import type { CommandLine } from '../../ops/commands/commandLine.ts'
import { describeFailure } from '../../ops/commands/failure.ts'
import { parseCommandLine } from '../../ops/commands/program.ts'
import { loadConfig } from '../../ops/settings/config.ts'

export interface Outcome {
  readonly code: number
  /** Printed results, a line each. */
  readonly lines: readonly string[]
  readonly notes: readonly string[]
  readonly error: { readonly code: string; readonly message: string } | null
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Hears each printed line. */
  readonly onPrint?: (line: string) => void
}

/** @param folder the working folder; its data folder is ./birthline-data. One worker and few samples, where not said otherwise. */
export async function runInProcess(
  folder: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const lines: string[] = []
  const notes: string[] = []
  const silent = { writeOut: () => {}, writeErr: () => {} }
  try {
    const invocation = parseCommandLine(args, '0.0.0', silent)
    if (invocation === null) throw new Error('the command line asked for help')
    const { values } = invocation
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
    const flags = {
      dataFolder: text(values.data),
      modelFolder: text(values.model),
      publishedFolder: text(values.published),
      sampleCount: text(values.samples),
      seed: text(values.seed),
      httpPort: text(values.port),
      httpHost: text(values.host),
      workers: text(values.workers),
    }
    const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
    const env = { BIRTHLINE_WORKERS: '1', BIRTHLINE_SAMPLE_COUNT: '16', ...options.env }
    const line: CommandLine = {
      config: loadConfig({ flags: given, env, workingFolder: folder }),
      terminal: {
        isJson: values.json === true,
        isScreen: false,
        showsProgress: values.progress === true,
        isErrScreen: false,
        width: 100,
        height: 50,
        async print(text) {
          lines.push(...text.split('\n'))
          options.onPrint?.(text)
        },
        note: text => void notes.push(text),
        draw: text => void notes.push(text),
      },
      signal: options.signal ?? new AbortController().signal,
      workingFolder: folder,
      env,
      redact: text => text,
      nowMs: () => performance.now(),
    }
    const command = await invocation.load()
    return { code: await command(line, invocation.args, values), lines, notes, error: null }
  } catch (error) {
    const { code, message, exitCode, trace } = describeFailure(error)
    if (trace !== null) throw error
    return { code: exitCode, lines, notes, error: { code, message } }
  }
}

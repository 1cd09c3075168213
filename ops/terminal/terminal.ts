// Where text goes: results on stdout, everything else on stderr. Nothing below ops prints.

export interface Terminal {
  /** Results are JSON, errors too. */
  readonly isJson: boolean
  /** Stdout is a screen that can be drawn over. */
  readonly isScreen: boolean
  /** Progress is shown on stderr. */
  readonly showsProgress: boolean
  /** Stderr is a screen: a progress line can be drawn over. */
  readonly isErrScreen: boolean
  /** Columns of the screen. */
  readonly width: number
  /** Lines of it. */
  readonly height: number
  /**
   * A line of the result. Resolves when the reader of a pipe has room for more.
   * @param over so many lines of the screen are drawn over. Default 0.
   */
  print(line: string, over?: number): Promise<void>
  /** A line for the person at the screen. */
  note(line: string): void
  /** Text for stderr as it is, without a line end. */
  draw(text: string): void
}

export interface TerminalOptions {
  readonly isJson: boolean
  /** Hears the lines for the person too. */
  readonly onNote?: ((line: string) => void) | undefined
  /** Nothing but what `onNote` makes of it may stand on stderr. Default false. */
  readonly isErrTaken?: boolean
  /** Takes secrets out of them. */
  readonly redact: (text: string) => string
  /** `undefined` shows progress where stderr is a screen. */
  readonly progress?: boolean | undefined
}

const DEFAULT_WIDTH = 100
const DEFAULT_HEIGHT = 50

export function openTerminal(options: TerminalOptions): Terminal {
  const { stdout, stderr } = process
  const isErrScreen = stderr.isTTY === true
  return {
    isJson: options.isJson,
    isScreen: stdout.isTTY === true,
    showsProgress: options.isErrTaken !== true && (options.progress ?? isErrScreen),
    isErrScreen,
    // Some terminals say that they have no columns at all.
    width: stderr.isTTY === true && stderr.columns > 0 ? stderr.columns : DEFAULT_WIDTH,
    height: stdout.isTTY === true && stdout.rows > 2 ? stdout.rows : DEFAULT_HEIGHT,
    async print(line, over = 0) {
      const back = over === 0 ? '' : `\u001b[${over}A\u001b[0J`
      if (!stdout.write(`${back}${line}\n`)) await new Promise<void>(resolve => stdout.once('drain', resolve))
    },
    note(line) {
      const shown = options.redact(line)
      options.onNote?.(shown)
      if (options.isErrTaken !== true) stderr.write(`${shown}\n`)
    },
    draw(text) {
      stderr.write(text)
    },
  }
}

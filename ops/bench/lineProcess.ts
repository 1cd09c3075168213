// A child process that is asked in JSON, a line a question, and answers in JSON, a line an answer.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type Answer = Readonly<Record<string, unknown>>

export interface LineProcess {
  /** @throws Error when the process ended instead of answering, with the last it said */
  ask(question: Answer): Promise<Answer>
  close(): Promise<void>
  /** At once, as `kill -9`. */
  kill(): Promise<void>
}

const KEPT_CHARACTERS = 2000

export function startLineProcess(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): LineProcess {
  const child: ChildProcessWithoutNullStreams = spawn(command, args, { env: { ...process.env, ...environment } })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-KEPT_CHARACTERS)
  })
  // A process that is gone shows as an answer that does not come.
  child.stdin.on('error', () => {})
  const ended = new Promise<void>(resolve => {
    child.on('close', () => resolve())
    child.on('error', error => {
      complaint = error.message
      resolve()
    })
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      const { value, done } = await Promise.race([lines.next(), ended.then(() => ({ value: '', done: true }))])
      if (done === true) {
        await ended
        throw new Error(`${[command, ...args].join(' ')} ended without an answer: ${complaint.trim()}`)
      }
      return JSON.parse(value) as Answer
    },
    async close() {
      child.stdin.end()
      await ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

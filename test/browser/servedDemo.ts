// Stars of the demo in a log of their own, inferred and served by the compiled program, for the tests of the page and of clients.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { packageFile } from '../../schemas/index.ts'

export interface ServedDemo {
  readonly url: string
  /** Ends the server and starts it again at the same address; a log has one writer, so `meanwhile` may write it. */
  restart(meanwhile: () => Promise<void>): Promise<void>
  ingest(file: string, survey: string): Promise<void>
  close(): Promise<void>
}

const program = packageFile('dist', 'ops', 'cli.js')

/** Rows of each file that are taken, from 1: few, so that the tests need not wait for a whole cluster. */
const ROWS = { first: 30, last: 35 }

/**
 * @param files text tables of ops/demo/ with the same stars in the same rows, each with its survey, as they arrive; one with an
 * absolute path is taken whole
 * @param rows `all` takes whole tables, of any format
 */
export async function serveDemo(
  files: readonly (readonly [file: string, survey: string])[],
  rows: 'few' | 'all' = 'few',
): Promise<ServedDemo> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-page-'))
  const cutTable = async (file: string) => {
    const lines = (await readFile(packageFile('ops', 'demo', file), 'utf8')).split('\n')
    const head = lines.filter(line => line.startsWith('#')).length + 1
    const cut = join(folder, file)
    await writeFile(
      cut,
      `${[...lines.slice(0, head), ...lines.slice(head + ROWS.first - 1, head + ROWS.last)].join('\n')}\n`,
    )
    return cut
  }
  const ingest = async (file: string, survey: string) => {
    const ofDemo = rows === 'all' ? packageFile('ops', 'demo', file) : null
    const table = isAbsolute(file) ? file : (ofDemo ?? (await cutTable(file)))
    const args = ['ingest', table, '--survey', survey, '--data', folder, '--workers', '1']
    const [code, text] = await finished(start(args))
    if (code !== 0) throw new Error(`ingest of ${file} ended with ${code}: ${text}`)
  }
  for (const [file, survey] of files) await ingest(file, survey)
  let server = await serve(folder, 0)
  const port = Number(new URL(server.url).port)
  const stop = async () => {
    server.process.kill('SIGINT')
    await finished(server.process)
  }
  return {
    url: server.url,
    ingest,
    restart: async meanwhile => {
      await stop()
      await meanwhile()
      server = await serve(folder, port)
    },
    close: async () => {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
}

function finished(child: ChildProcess): Promise<readonly [code: number | null, text: string]> {
  if (child.exitCode !== null) return Promise.resolve([child.exitCode, ''])
  let text = ''
  child.stderr?.on('data', chunk => {
    text += String(chunk)
  })
  return new Promise(resolve => child.once('exit', code => resolve([code, text])))
}

async function serve(folder: string, port: number): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = start(['run', '--serve', '--port', String(port), '--data', folder, '--workers', '1'])
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stderr?.on('data', chunk => {
      text += String(chunk)
      const found = /serving on (http:\/\/[\d.:]+)/.exec(text)
      if (found !== null) resolve(found[1])
    })
    child.once('exit', code => reject(new Error(`the server ended with ${code}: ${text}`)))
  })
  return { url, process: child }
}

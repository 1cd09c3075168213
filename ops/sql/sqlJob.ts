// A query in a process of its own: it can be killed, whatever it is at, and takes nobody with it.
import { fork } from 'node:child_process'
import { FusionError, packageFile } from '../../schemas/index.ts'
import { partitionPath } from '../release/starDataset.ts'
import { type ConeView, expandCones } from './coneText.ts'
import type { Snapshot } from './snapshot.ts'

export interface JoinedFile {
  /** What queries call it. */
  readonly table: string
  readonly path: string
}

export interface SqlLimits {
  readonly timeoutMs: number
  readonly memoryMb: number
  /** Rows that are given back. */
  readonly rows: number
}

/** What the process is told. */
export interface SqlJob {
  readonly query: string
  /** What its cones stand for. */
  readonly views: readonly ConeView[]
  /** There are no stars. */
  readonly isEmpty: boolean
  readonly joined: readonly JoinedFile[]
  readonly limits: SqlLimits
}

export type SqlCell = string | number | boolean | null | readonly SqlCell[] | { readonly [name: string]: SqlCell }

export interface SqlAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** 64-bit integers are texts, NaN is null. */
  readonly rows: readonly (readonly SqlCell[])[]
  /** There are more rows than were asked for. */
  readonly isMore: boolean
}

export type SqlReply = SqlAnswer | { readonly refusal: string }

export const MAX_QUERY_CHARACTERS = 20_000

/** @throws FusionError QUESTION_INVALID where the query is none that reads, is wrong, or takes more than it may */
export async function runQuery(
  snapshot: Snapshot,
  query: string,
  joined: readonly JoinedFile[],
  limits: SqlLimits,
  signal: AbortSignal,
): Promise<SqlAnswer> {
  if (query.length > MAX_QUERY_CHARACTERS) {
    throw new FusionError(
      'QUESTION_INVALID',
      `The query has more than ${MAX_QUERY_CHARACTERS} characters: ask for less.`,
    )
  }
  const job: SqlJob = {
    ...expandCones(query, snapshot.partitions, one => `dataset/${partitionPath(one)}.parquet`),
    isEmpty: snapshot.partitions.length === 0,
    joined,
    limits,
  }
  const reply = await replyOf(job, snapshot.folder, signal)
  if ('refusal' in reply) throw new FusionError('QUESTION_INVALID', `The query was refused. ${reply.refusal}`)
  return reply
}

function replyOf(job: SqlJob, folder: string, signal: AbortSignal): Promise<SqlReply> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    // Nothing of the environment is its business: it may hold secrets.
    const child = fork(packageFile('dist', 'ops', 'sql', 'sqlProcess.js'), {
      env: {},
      cwd: folder,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const end = (finish: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      child.removeAllListeners()
      child.kill('SIGKILL')
      finish()
    }
    const onAbort = () => end(() => reject(signal.reason))
    const refuse = (sentence: string) => end(() => reject(new FusionError('QUESTION_INVALID', sentence)))
    const seconds = job.limits.timeoutMs / 1000
    const timer = setTimeout(
      () =>
        refuse(
          `The query took more than ${seconds} s and was stopped: ask for less, such as fewer stars by cone(ra, dec, radius).`,
        ),
      job.limits.timeoutMs,
    )
    signal.addEventListener('abort', onAbort)
    child.on('message', reply => end(() => resolve(reply as SqlReply)))
    child.on('error', error => end(() => reject(error)))
    child.on('exit', () => refuse('The query took more than this machine has, and its process ended: ask for less.'))
    child.send(job)
  })
}

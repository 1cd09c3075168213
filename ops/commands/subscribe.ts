// `birthline subscribe`: filters that are saved in the log, so that subscribers are told of their stars.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readSubscription, readSubscriptions } from '../../actors/index.ts'
import { FusionError, isFusionError, parseFilter, type Subscription } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { withWritableLog } from '../runs/pipelineRun.ts'
import { askHolder, fulfilRequest, type SubscriptionRequest } from '../runs/subscriptionRequests.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { subscriptionView } from '../stars/subscriptionFeed.ts'
import { newSubscriptionId } from '../stars/subscriptionId.ts'
import { renderTable } from '../terminal/textTable.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'
import { readOption, UsageError } from './failure.ts'

export const subscribe: CommandCode = async (line, [where = ''], values) => {
  const { terminal } = line
  // The inner commands have no name to give, so the program cannot ask for it.
  if (typeof values.name !== 'string') throw new UsageError('A subscription needs a name: give one with --name.')
  const text = (path: unknown) => (typeof path === 'string' ? readText(line, path) : null)
  const moc = text(values.moc)
  const watchlist = (text(values.watchlist) ?? '').split(/[\r\n]+/).flatMap(id => (id.trim() === '' ? [] : [id.trim()]))
  readOption(() => parseFilter({ where, moc, watchlist }))
  const id = newSubscriptionId()
  const subscription = { id, name: values.name, where, moc, watchlist, createdMs: Date.now() }
  await fulfil(line, id, { kind: 'save', subscription })
  const saved = await withLog(line, log => readSubscription(log, id))
  if (saved === null) throw new FusionError('LOG_UNAVAILABLE', `Subscription ${id} is not in the log: try again.`)
  if (terminal.isJson) await terminal.print(JSON.stringify(subscriptionView(saved)))
  else {
    await terminal.print(
      `Subscription ${saved.id} (${saved.name}) is saved; its events are in the topic ${saved.topic}.`,
    )
    await terminal.print(`Read them with: birthline watch --subscription ${saved.id} --from earliest`)
  }
  return exitCodes.ok
}

export const listSubscriptions: CommandCode = async line => {
  const { terminal } = line
  const all = await withLog(line, readSubscriptions)
  if (terminal.isJson) for (const one of all) await terminal.print(JSON.stringify(subscriptionView(one)))
  else if (all.length === 0) await terminal.print('There are no subscriptions.')
  else {
    const rows = all.map(one => [one.id, one.name, filterText(one), one.topic])
    const columns = ['id', 'name', 'filter', 'topic'].map(title => ({ title }))
    for (const row of renderTable(columns, rows)) await terminal.print(row)
  }
  return exitCodes.ok
}

export const dropSubscription: CommandCode = async (line, [wanted]) => {
  const found = await withLog(line, log => findSubscription(log, wanted))
  await fulfil(line, `remove-${found.id}`, { kind: 'remove', id: found.id })
  const { terminal } = line
  if (terminal.isJson) await terminal.print(JSON.stringify({ id: found.id, name: found.name }))
  else await terminal.print(`Subscription ${found.id} (${found.name}) is ended; its events are forgotten.`)
  return exitCodes.ok
}

/** Here, or in the process that holds the log. */
async function fulfil(line: CommandLine, name: string, request: SubscriptionRequest): Promise<void> {
  try {
    await withWritableLog(line, log => fulfilRequest(log, request))
  } catch (error) {
    if (!isFusionError(error) || error.code !== 'LOG_IN_USE') throw error
    await askHolder(line, name, request)
  }
}

/**
 * By id or by name.
 * @throws FusionError QUESTION_INVALID where there is none
 */
export async function findSubscription(log: Log, wanted: string): Promise<Subscription> {
  const found = (await readSubscriptions(log)).find(({ id, name }) => id === wanted || name === wanted)
  if (found !== undefined) return found
  const shown = JSON.stringify(wanted.slice(0, 60))
  throw new FusionError(
    'QUESTION_INVALID',
    `There is no subscription ${shown}: \`birthline subscribe list\` shows all.`,
  )
}

function filterText({ where, moc, watchlist }: Subscription): string {
  const parts = [
    where,
    moc === null ? '' : 'in a MOC',
    watchlist.length === 0 ? '' : `one of ${watchlist.length} watched`,
  ]
  return parts.filter(part => part !== '').join(', ') || 'all stars'
}

async function withLog<T>(line: CommandLine, work: (log: Log) => Promise<T>): Promise<T> {
  const log = await openStarLog(line.config)
  try {
    return await work(log)
  } finally {
    await log.close()
  }
}

function readText({ workingFolder }: CommandLine, path: string): string {
  try {
    return readFileSync(resolve(workingFolder, path), 'utf8')
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new FusionError('FILE_UNREADABLE', `${path} cannot be read (${problem}): name a text file.`, { cause })
  }
}

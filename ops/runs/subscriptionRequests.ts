// Saving and removing filters for others: a log in a folder belongs to the process that holds it, which is asked by a file.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeSubscription, saveSubscription } from '../../actors/index.ts'
import { type ErrorCode, errorCodes, FusionError, isFusionError, type Subscription } from '../../schemas/index.ts'
import { type Log, writeTextFile } from '../../streams/index.ts'
import type { CommandLine } from '../commands/commandLine.ts'
import type { Config } from '../settings/config.ts'

export type SubscriptionRequest =
  | { readonly kind: 'save'; readonly subscription: Omit<Subscription, 'topic' | 'createdMs'> & { createdMs: number } }
  | { readonly kind: 'remove'; readonly id: string }

const LOOK_MS = 250
const PATIENCE_MS = 60_000

function requestFolder({ dataFolder }: Config): string {
  return join(dataFolder, 'subscription-requests')
}

/** Saves or removes. @throws FusionError as saving does */
export async function fulfilRequest(log: Log, request: SubscriptionRequest): Promise<void> {
  if (request.kind === 'remove') await removeSubscription(log, request.id)
  else {
    const { createdMs, ...rest } = request.subscription
    await saveSubscription(log, { ...rest, createdMs: BigInt(createdMs) })
  }
}

/** Does what others ask for meanwhile. @returns what ends it */
export function watchSubscriptionRequests({ config }: Pick<CommandLine, 'config'>, log: Log): () => Promise<void> {
  const folder = requestFolder(config)
  let working: Promise<void> = Promise.resolve()
  const look = async () => {
    if (!existsSync(folder)) return
    for (const name of readdirSync(folder).filter(one => one.endsWith('.json'))) {
      const path = join(folder, name)
      try {
        await fulfilRequest(log, JSON.parse(readFileSync(path, 'utf8')))
      } catch (error) {
        // Who asks is told; what is no request of ours is taken away.
        const code = isFusionError(error) ? error.code : 'FILE_UNREADABLE'
        writeFileSync(`${path}.refused`, JSON.stringify({ code, message: error instanceof Error ? error.message : '' }))
      } finally {
        rmSync(path, { force: true })
      }
    }
  }
  const timer = setInterval(() => {
    working = working.then(look, look)
  }, LOOK_MS)
  return async () => {
    clearInterval(timer)
    await working.catch(() => {})
  }
}

/**
 * Asks the process that holds the log.
 * @param name of the request, a word that no other has
 * @throws FusionError as saving does, or LOG_IN_USE where that process does not answer
 */
export async function askHolder(
  line: Pick<CommandLine, 'config' | 'signal'>,
  name: string,
  request: SubscriptionRequest,
): Promise<void> {
  const folder = requestFolder(line.config)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.json`)
  await writeTextFile(path, JSON.stringify(request))
  for (let waitedMs = 0; waitedMs < PATIENCE_MS && existsSync(path) && !line.signal.aborted; waitedMs += LOOK_MS) {
    await sleep(LOOK_MS)
  }
  const isTaken = !existsSync(path)
  rmSync(path, { force: true })
  if (!isTaken) {
    throw new FusionError(
      'LOG_IN_USE',
      `The process that holds the log in ${line.config.dataFolder} does not answer: it is no pipeline that runs; try again once it has ended.`,
    )
  }
  if (!existsSync(`${path}.refused`)) return
  const { code, message } = JSON.parse(readFileSync(`${path}.refused`, 'utf8'))
  rmSync(`${path}.refused`, { force: true })
  throw new FusionError(errorCodes.find(one => one === code) ?? ('LOG_IN_USE' satisfies ErrorCode), String(message))
}

// What a proof does to its processes, its brokers and the ways between them. Each ends with everything up again.
import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Rng } from '../../../models/index.ts'
import { packageFile } from '../../../schemas/index.ts'
import type { Broker } from '../../kafka/kafkaBroker.ts'
import { type ProofPlan, REFUSED_EXIT } from './proofProcess.ts'
import type { Scene, SceneKind } from './scene.ts'
import type { Worker, Workers } from './workers.ts'

export interface Stage {
  readonly scene: Scene
  readonly workers: Workers
  readonly rng: Rng
}

export interface Disturbance {
  readonly name: string
  readonly scenes: readonly SceneKind[]
  disturb(stage: Stage): Promise<void>
}

const everywhere: readonly SceneKind[] = ['embedded', 'broker', 'threeBrokers']
const onBrokers: readonly SceneKind[] = ['broker', 'threeBrokers']
/**
 * Where another broker can lead meanwhile: a single one that is restarted notes transactions as committed whose marks it never
 * writes, because their partitions have no leader at that moment, and then loses or doubles what was acknowledged.
 */
const onThree: readonly SceneKind[] = ['threeBrokers']
/** Longer than a session of the scene, so that the group goes on without whoever sleeps. */
const ASLEEP_MS = 3500
const CUT_MS = 2500
/** Longer than the patience of the scene's processes. */
const LONG_CUT_MS = 6000
const DOWN_MS = 800
const KIB = 1024
const RIVAL_TIMEOUT_MS = 60_000

export const disturbances: readonly Disturbance[] = [
  {
    name: 'a process is killed',
    scenes: everywhere,
    async disturb({ workers, rng }) {
      await killed(pick(workers.all, rng))
    },
  },
  {
    name: 'a process is killed twice in a row',
    scenes: everywhere,
    async disturb({ workers, rng }) {
      const worker = pick(workers.all, rng)
      await killed(worker)
      // While it opens its log, or just after.
      await sleep(100 + rng.uniform() * 600)
      await killed(worker)
    },
  },
  {
    name: 'a process sleeps past its session and wakes',
    scenes: everywhere,
    async disturb({ workers, rng, scene }) {
      const worker = pick(workers.all, rng)
      // One that has not opened its log yet holds nothing.
      await workers.opened(worker)
      const { child, plan } = worker
      child.kill('SIGSTOP')
      const rival = plan.log.kind === 'embedded' ? startRival(plan) : null
      await sleep(ASLEEP_MS * (scene.kind === 'embedded' ? rng.uniform() : 1))
      child.kill('SIGCONT')
      await rival
    },
  },
  {
    name: 'the disk is full',
    scenes: ['embedded'],
    async disturb({ workers, rng }) {
      const [worker] = workers.all
      const { log } = worker.plan
      if (log.kind !== 'embedded') return
      await workers.opened(worker)
      const sizeKiB = Math.ceil(statSync(join(log.folder, 'log.mdb')).size / KIB)
      workers.maxFileKiB = sizeKiB + rng.integer(256)
      const before = refusalsOf(workers)
      await killed(worker)
      for (let i = 0; i < 3600 && refusalsOf(workers) === before; i++) {
        workers.throwIfFailed()
        await sleep(50)
      }
      if (refusalsOf(workers) === before) throw new Error('proof: nobody noticed that the disk was full')
      // Space again, also for one that was started meanwhile.
      workers.maxFileKiB = null
      await killed(worker)
    },
  },
  brokerDown('a broker is restarted in order', (broker, node) => broker.end(node)),
  brokerDown('a broker is killed and started again', (broker, node) => broker.kill(node)),
  {
    name: 'the way to a broker is cut for a moment',
    scenes: onBrokers,
    async disturb({ scene, rng }) {
      const proxy = pick(scene.proxies, rng)
      proxy.set('silent')
      await sleep(rng.uniform() * CUT_MS)
      proxy.set('open')
    },
  },
  {
    name: 'the way to every broker is cut for longer than patience lasts',
    scenes: onBrokers,
    async disturb({ scene }) {
      for (const proxy of scene.proxies) proxy.set('silent')
      await sleep(LONG_CUT_MS)
      for (const proxy of scene.proxies) proxy.set('open')
    },
  },
  {
    name: 'connections to a broker are reset',
    scenes: onBrokers,
    async disturb({ scene, rng }) {
      const proxy = pick(scene.proxies, rng)
      for (let turn = 0; turn < 5; turn++) {
        proxy.set('closed')
        await sleep(rng.uniform() * 100)
        proxy.set('open')
        await sleep(rng.uniform() * 300)
      }
    },
  },
  {
    name: 'the way to a broker is slow',
    scenes: onBrokers,
    async disturb({ scene, rng }) {
      const proxy = pick(scene.proxies, rng)
      proxy.set('slow')
      await sleep(CUT_MS)
      proxy.set('open')
    },
  },
]

/** One of the brokers goes, and comes again. */
function brokerDown(name: string, take: (broker: Broker, node: number) => Promise<void>): Disturbance {
  return {
    name,
    scenes: onThree,
    async disturb({ scene: { broker, proxies }, rng }) {
      if (broker === null) return
      const node = 1 + rng.integer(proxies.length)
      await take(broker, node)
      await sleep(rng.uniform() * DOWN_MS)
      await broker.restart(node)
    },
  }
}

async function killed(worker: Worker): Promise<void> {
  const { child, ended } = worker
  child.kill('SIGKILL')
  await ended
}

/** Of a full disk. */
function refusalsOf({ refusals }: Workers): number {
  return (refusals.get('LOG_FULL') ?? 0) + (refusals.get('SIGABRT') ?? 0)
}

/**
 * Another process that wants to write to a log whose writer sleeps: it is refused, at the latest when the writer wakes, for
 * one that fell asleep in the middle of a commit keeps everybody waiting.
 */
function startRival(plan: ProofPlan): Promise<void> {
  const command = packageFile('dist', 'ops', 'bench', 'proof', 'proofProcess.js')
  const rival = spawn(process.execPath, [command, JSON.stringify({ ...plan, roles: [] })], {
    timeout: RIVAL_TIMEOUT_MS,
    // One that was let in would wait for others to copy before it ends.
    killSignal: 'SIGKILL',
  })
  let said = ''
  rival.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  return new Promise((resolve, reject) => {
    rival.on('close', (code, signal) => {
      if (code === REFUSED_EXIT && said.startsWith('LOG_IN_USE')) resolve()
      else reject(new Error(`proof: a second writer of a log ended with ${code ?? signal}: ${said}`))
    })
  })
}

function pick<T>(all: readonly T[], rng: Rng): T {
  return all[rng.integer(all.length)]
}

// How soon connected subscribers are told of stars whose posteriors come at a steady rate, and what that costs in processor time.
// node dist/ops/bench/deliveryBench.js [--json] [--clients 1000] [--subscriptions 1000] [--share 0.01] [--rate 300] [--seconds 10]
//   [--kind socket | stream]
// Each filter is a cone that holds this share of the sky. The clients run in a process of their own, as clients do.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'
import { groupLag, notifyGroup, notifyPlan, runActor, saveSubscription, toPosterior } from '../../actors/index.ts'
import {
  createPilotSimulator,
  createRng,
  drawSimulatedStars,
  openPosteriorModel,
  type Rng,
} from '../../models/index.ts'
import { encode, eventTopics, type Posterior } from '../../schemas/index.ts'
import { type Log, type Output, openLog, registrySubjects } from '../../streams/index.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { startServer } from '../server/server.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { quantile } from './statistics.ts'

const WANTED_MS = 1000
const SEED = 17
const SAMPLES = 256
/** Posteriors that were inferred; each is sent again and again as that of another star. */
const INFERRED = 64
/** Stars are committed together this often, as they come out of a pipeline that is busy. */
const COMMIT_MS = 50

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    clients: { type: 'string', default: '1000' },
    subscriptions: { type: 'string', default: '1000' },
    share: { type: 'string', default: '0.01' },
    rate: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '10' },
    kind: { type: 'string', default: 'socket' },
    url: { type: 'string' },
  },
})
const [clients, subscriptions, share, rate, seconds] = [
  ...[flags.clients, flags.subscriptions, flags.share, flags.rate, flags.seconds],
].map(Number)

/** The same clock in both processes. */
const nowMs = () => performance.timeOrigin + performance.now()

/** What the clients tell of themselves. */
interface Heard {
  /** Of each event, the number of its star and when it was read. */
  readonly stars: readonly number[]
  readonly timesMs: readonly number[]
  readonly cpuS: number
}

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** The clients' side: connects them all, says so, listens until it is told to tell, and tells. */
async function listen(url: string): Promise<void> {
  const stars: number[] = []
  const timesMs: number[] = []
  const hear = (text: string) => {
    const found = /"starId":"gaiaDr3:(\d+)"/.exec(text)
    if (found === null) return
    stars.push(Number(found[1]))
    timesMs.push(nowMs())
  }
  for (let i = 0; i < clients; i++) {
    const path = `/v1/subscriptions/s${i % subscriptions}/${flags.kind === 'socket' ? 'socket' : 'events'}`
    if (flags.kind === 'socket') {
      const socket = new WebSocket(url.replace('http', 'ws') + path, { perMessageDeflate: false })
      socket.on('message', data => hear(String(data)))
      socket.on('close', (code, reason) => {
        throw new RangeError(`deliveryBench: a socket closed with ${code} ${reason}`)
      })
      await once(socket, 'open')
    } else {
      const [response] = await once(get(url + path, { agent: false }), 'response')
      createInterface({ input: response }).on('line', line => line.startsWith('data: ') && hear(line))
    }
  }
  process.send?.('connected')
  await once(process, 'message')
  const startCpu = cpuSeconds()
  await once(process, 'message')
  process.send?.({ stars, timesMs, cpuS: cpuSeconds() - startCpu } satisfies Heard, () => process.exit())
}

const placeOf = (rng: Rng) => ({
  raDeg: 360 * rng.uniform(),
  decDeg: (Math.asin(2 * rng.uniform() - 1) * 180) / Math.PI,
})

async function savePlaces(log: Log): Promise<void> {
  const rng = createRng(SEED)
  const radiusDeg = (Math.acos(1 - 2 * share) * 180) / Math.PI
  for (let i = 0; i < subscriptions; i++) {
    const { raDeg, decDeg } = placeOf(rng)
    const where = `within ${radiusDeg.toFixed(6)} deg of ${raDeg.toFixed(6)} ${decDeg.toFixed(6)}`
    await saveSubscription(log, { id: `s${i}`, name: `s${i}`, where, moc: null, watchlist: [], createdMs: 0n })
  }
}

async function inferredPosteriors(): Promise<readonly Posterior[]> {
  const model = await openPosteriorModel()
  const about = { seed: 3, count: INFERRED, maxDraws: INFERRED }
  const { stars } = drawSimulatedStars(createPilotSimulator(), null, [], about)
  const question = { sampleCount: SAMPLES, seed: 1n, model: model.fingerprint }
  const answers = await model.infer(stars, question)
  await model.close()
  return answers.map((answer, i) => {
    const star = { starId: `${i}`, version: '1', raDeg: 0, decDeg: 0, epochJyr: 2016, sources: [], measurements: [] }
    return toPosterior({ ...star, isAmbiguous: false, flags: [], isRetired: false }, answer, question)
  })
}

/** A star that nobody knew, as the publishing actor hands it on. */
function starOutputs(posterior: Posterior, number: number, rng: Rng): readonly Output[] {
  const starId = `gaiaDr3:${number}`
  const value = encode('posterior', { ...posterior, ...placeOf(rng), starId, posteriorId: `posterior ${number}` })
  const work = encode('subscriptionWork', { kind: 'star', subscriptionId: '', topic: '', cursor: '' })
  return [
    { topic: 'latest-posteriors', key: starId, value },
    { topic: 'subscription-work', key: `star:${starId}`, value: work },
  ]
}

async function eventCount(log: Log): Promise<number> {
  const extents = await Promise.all(eventTopics.map(topic => log.extents(topic)))
  return extents.flat().reduce((sum, { end }) => sum + end, 0)
}

function startClients(url: string): { readonly child: ChildProcess; readonly next: () => Promise<unknown> } {
  const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--url', url])
  const next = () =>
    new Promise((resolve, reject) => {
      child.once('message', resolve)
      child.once('exit', code => reject(new RangeError(`deliveryBench: the clients ended with ${code}`)))
    })
  return { child, next }
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'birthline-bench-'))
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'log') })
  const metrics = createMetrics(log, [], () => performance.now())
  const report = (error: unknown) => process.stderr.write(`${error}\n`)
  const server = await startServer(
    {
      ...{ version: 'bench', log, metrics, dataFolder: folder, tls: null, questions: null, model: null, report },
      ...{ trouble: () => null, subjects: registrySubjects(''), access: { tokens: [], health: 'open' } },
      limits: {
        ...{ maxBodyBytes: 65_536, requestsPerMinute: 1e9, maxSubscribers: clients, heartbeatMs: 15_000 },
        ...{ headTimeoutMs: 10_000, requestTimeoutMs: 30_000, closeGraceMs: 1000 },
      },
    },
    '127.0.0.1',
    0,
  )
  const stop = new AbortController()
  let telling: Promise<void> | null = null
  try {
    const posteriors = await inferredPosteriors()
    await savePlaces(log)
    telling = runActor(notifyPlan(log), { log, signal: stop.signal, onCommit: () => {} })
    const isToldAll = async () => (await groupLag(log, notifyGroup.group, notifyGroup.topics)) === 0
    while (!(await isToldAll())) await sleep(50)
    const { child, next } = startClients(server.url)
    await next()
    const before = await eventCount(log)
    child.send('begin')
    const [startCpu, startMs, rng] = [cpuSeconds(), nowMs(), createRng(SEED + 1)]
    const committedMs: number[] = []
    const commits: Promise<void>[] = []
    for (let sent = 0; sent < rate * seconds; ) {
      await sleep(COMMIT_MS)
      const due = Math.min(rate * seconds, Math.floor(((nowMs() - startMs) * rate) / 1000))
      const outputs: Output[] = []
      const first = sent
      for (; sent < due; sent++) outputs.push(...starOutputs(posteriors[sent % posteriors.length], sent, rng))
      const commit = log.transact({ outputs }).then(() => committedMs.fill(nowMs(), first, due))
      committedMs.length = due
      commits.push(commit.then(() => undefined))
    }
    await Promise.all(commits)
    const lastMs = nowMs()
    while (!(await isToldAll())) await sleep(50)
    const [serverCpuS, toldAfterMs, wallS] = [cpuSeconds() - startCpu, nowMs() - lastMs, (lastMs - startMs) / 1000]
    const events = (await eventCount(log)) - before
    // Whoever is told later than that was not told in time, and counts as never.
    await sleep(3000)
    child.send('tell')
    const heard = (await next()) as Heard
    const wanted = (events * clients) / subscriptions
    const latencies = heard.stars.map((star, i) => heard.timesMs[i] - committedMs[star])
    const latencyMs = [0.5, 0.9, 0.99, 1].map(share => quantile(latencies, share))
    const result = {
      ...{ clients, subscriptions, share, rate, seconds: wallS, kind: flags.kind },
      ...{ delivered: heard.stars.length, wanted, latencyMs, toldAfterMs },
      ...{ serverCpuS, clientsCpuS: heard.cpuS, wantedMs: WANTED_MS },
      isReached: heard.stars.length === wanted && latencyMs[3] <= WANTED_MS,
    }
    if (flags.json) process.stdout.write(`${JSON.stringify({ machine: describeMachine(), ...result }, null, 2)}\n`)
    else {
      const [p50, p90, p99, max] = latencyMs.map(one => one.toFixed(0))
      process.stdout.write(
        `${[
          describeCommand(),
          renderMachine(describeMachine()),
          `${rate} stars a second for ${wallS.toFixed(1)} s, ${clients} clients by ${flags.kind} of ${subscriptions} subscriptions: ${result.delivered} of ${wanted} events came`,
          `from the commit of a posterior to its subscriber: median ${p50} ms, 90% ${p90} ms, 99% ${p99} ms, longest ${max} ms`,
          `processor time: log, notifying and server ${serverCpuS.toFixed(1)} s, clients ${heard.cpuS.toFixed(1)} s; the last was told ${toldAfterMs.toFixed(0)} ms after the last star`,
          `wanted: all within ${WANTED_MS} ms; ${result.isReached ? 'reached' : 'missed'}`,
        ].join('\n')}\n`,
      )
    }
  } finally {
    stop.abort()
    await telling
    await server.close()
    metrics.close()
    await log.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (flags.url === undefined) await measure()
else await listen(flags.url)

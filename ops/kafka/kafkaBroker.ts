// A real Apache Kafka on this machine, for tests and for trying: started, waited for, and gone with whoever started it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FusionError } from '../../schemas/index.ts'
import { brokerClassPath, KAFKA_VERSION } from './brokerJars.ts'
import { brokerCount } from './brokerProbe.ts'
import { type BrokerListener, type NodePorts, nodeProperties } from './brokerSettings.ts'
import { findJava } from './javaTools.ts'

export interface BrokerOptions {
  /** 1 or 3 nodes, each controller and broker in one. Default 1. */
  readonly nodes?: 1 | 3
  /** Where the nodes keep their logs; taken up again when it holds some. Default: a new one that goes with the broker. */
  readonly folder?: string
  /** The port of each node that its clients are told, of a proxy before it. Default: its own. */
  readonly advertisedPorts?: readonly number[]
  /** Ways in beside the plain one. */
  readonly listeners?: readonly BrokerListener[]
  /** Users of SCRAM, known from the start. */
  readonly scramUsers?: readonly { readonly username: string; readonly password: string }[]
  /** Default 90 s. */
  readonly startTimeoutMs?: number
}

export interface Broker {
  /** `host:port` of every node. */
  readonly addresses: readonly string[]
  /** `host:port` of the first node's further listeners, by their names. */
  readonly listenerAddresses: ReadonlyMap<string, string>
  readonly version: string
  /** The process group of each node, by which the system accounts for it; gone with the node. */
  readonly processGroups: readonly number[]
  /** Ends one node at once, as a crash would; nodes count from 1. */
  kill(node: number): Promise<void>
  /** Ends one node cleanly. */
  end(node: number): Promise<void>
  /** Starts a node that has ended, on its folder and port; resolves when it knows all others. */
  restart(node: number): Promise<void>
  /** Ends every node cleanly and removes the folder if it was a new one. */
  stop(): Promise<void>
}

const LOG_FOLDER = 'log'
const HEAP = '-Xmx512m'
const STOP_TIMEOUT_MS = 20_000
const POLL_MS = 100
const TAIL_BYTES = 4000
const PORTS_PER_NODE = 3
const FIRST_PORT = 10_000
const PORTS_END = 32_000
const MOST_TRIES = 100

/**
 * Runs a command until its own standard input ends, which is when whoever holds the other end stops it or is gone in
 * whatever way; then the command is asked to end, and killed when it does not. A shell costs nothing beside a broker.
 */
const leash = `exec 3<&0
"$@" </dev/null 3<&- & child=$!
{ cat <&3 >/dev/null; kill $child; n=0; while [ $n -lt 100 ] && kill -0 $child; do sleep 0.1; n=$((n+1)); done; kill -9 $child; } 2>/dev/null >/dev/null &
watch=$!
exec 3<&-
wait $child; code=$?
kill $watch 2>/dev/null
exit $code`

/**
 * Starts Apache Kafka with one node or three and waits until all of them answer.
 *
 * @throws FusionError CONFIG_INVALID when Java or Maven is missing, FILE_UNREADABLE when Maven cannot bring Kafka,
 * LOG_UNAVAILABLE when a node ends or does not answer in time
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const java = findJava()
  const classPath = brokerClassPath()
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'birthline-kafka-'))
  const { listeners = [], scramUsers = [] } = options
  const ports = (await freePorts(options.nodes ?? 1, listeners.length)).map((found, i) => {
    const advertised = options.advertisedPorts?.[i]
    return advertised === undefined ? found : { ...found, advertised }
  })
  const settings = ports.map((_, i) => join(folder, `node${i + 1}`, 'server.properties'))
  const clusterId = newClusterId()
  ports.forEach((_, i) => {
    const home = dirname(settings[i])
    mkdirSync(home, { recursive: true })
    writeFileSync(settings[i], nodeProperties(i + 1, ports, join(home, LOG_FOLDER), listeners))
    format(java, classPath, settings[i], clusterId, scramUsers)
  })
  const startTimeoutMs = options.startTimeoutMs ?? 90_000
  const nodes = settings.map(path => new KafkaNode(java, classPath, path))
  const stop = async () => {
    await Promise.all(nodes.map(node => node.stop()))
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  try {
    await waitForAll(nodes, ports, startTimeoutMs)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    addresses: ports.map(({ broker }) => `127.0.0.1:${broker}`),
    listenerAddresses: new Map(listeners.map(({ name }, i) => [name, `127.0.0.1:${ports[0].further?.[i]}`])),
    version: KAFKA_VERSION,
    processGroups: nodes.flatMap(({ processGroup }) => (processGroup === null ? [] : [processGroup])),
    kill: node => nodes[node - 1].kill(),
    end: node => nodes[node - 1].stop(),
    restart: async node => {
      nodes[node - 1] = new KafkaNode(java, classPath, settings[node - 1])
      await waitForAll(nodes, ports, startTimeoutMs)
    },
    stop,
  }
}

/** 16 bytes as Kafka writes them, and as it does, none that would look like an option. */
function newClusterId(): string {
  const bytes = randomBytes(16)
  bytes[0] &= 0x7f
  return bytes.toString('base64url')
}

/** Prepares a node's folder; one that holds a node's log already stays as it is. */
function format(
  java: string,
  classPath: string,
  settings: string,
  clusterId: string,
  scramUsers: NonNullable<BrokerOptions['scramUsers']>,
): void {
  if (existsSync(join(dirname(settings), LOG_FOLDER, 'meta.properties'))) return
  const users = scramUsers.flatMap(({ username, password }) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap(mechanism => [
      '--add-scram',
      `${mechanism}=[name=${username},password=${password}]`,
    ]),
  )
  const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', settings, ...users]
  const { status, stdout, stderr } = spawnSync(java, [HEAP, ...tool], { encoding: 'utf8' })
  if (status === 0) return
  const reason = `${stdout}${stderr}`.split('\n').find(line => /exception|error/i.test(line)) ?? 'no reason given'
  throw new FusionError(
    'LOG_UNAVAILABLE',
    `Kafka cannot keep a log beside ${settings}: ${reason}; name an empty folder on a disk with room.`,
    { detail: { settings } },
  )
}

class KafkaNode {
  readonly #process: ChildProcess
  readonly #ended: Promise<void>
  #tail = ''
  hasEnded = false

  constructor(java: string, classPath: string, settings: string) {
    const jvm = [HEAP, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error']
    const command = [java, ...jvm, '-cp', classPath, 'kafka.Kafka', settings]
    // A session of its own: Ctrl-C reaches only whoever started it, who then stops it in order.
    this.#process = spawn('sh', ['-c', leash, 'leash', ...command], {
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    })
    this.#process.stdin?.on('error', () => {})
    this.#process.stderr?.on('data', (bytes: Buffer) => {
      this.#tail = (this.#tail + bytes.toString()).slice(-TAIL_BYTES)
    })
    this.#ended = new Promise<void>(resolve => {
      this.#process.on('error', () => resolve())
      this.#process.on('exit', () => resolve())
    }).then(() => {
      this.hasEnded = true
      this.#process.stdin?.destroy()
    })
  }

  /** The shell and the broker in it. */
  get processGroup(): number | null {
    return this.#process.pid ?? null
  }

  /** The last lines it wrote. */
  get tail(): string {
    return this.#tail.trim()
  }

  async stop(): Promise<void> {
    this.#process.stdin?.end()
    await Promise.race([this.#ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })])
    if (!this.hasEnded) await this.kill()
  }

  async kill(): Promise<void> {
    if (this.#process.pid !== undefined && !this.hasEnded) process.kill(-this.#process.pid, 'SIGKILL')
    await this.#ended
  }
}

async function waitForAll(nodes: readonly KafkaNode[], ports: readonly NodePorts[], timeoutMs: number): Promise<void> {
  const endMs = Date.now() + timeoutMs
  for (const { broker } of ports) {
    while ((await brokerCount(broker)) !== ports.length) {
      const ended = nodes.find(node => node.hasEnded)
      if (ended === undefined && Date.now() < endMs) {
        await sleep(POLL_MS)
        continue
      }
      const what = ended === undefined ? `did not answer within ${timeoutMs} ms` : 'ended while it started'
      const tail = (ended ?? nodes[0]).tail
      throw new FusionError(
        'LOG_UNAVAILABLE',
        `Apache Kafka ${KAFKA_VERSION} ${what}${tail === '' ? '' : `, saying: ${tail}`}; check memory and disk, then try again.`,
        { detail: { timeoutMs } },
      )
    }
  }
}

/** Ports that were free a moment ago; all are held until the last is found, so none comes twice. */
async function freePorts(nodes: number, further: number): Promise<readonly NodePorts[]> {
  const each = PORTS_PER_NODE + further
  const held = await Promise.all(Array.from({ length: each * nodes }, holdPort))
  await Promise.all(held.map(({ server }) => new Promise<void>(resolve => server.close(() => resolve()))))
  return Array.from({ length: nodes }, (_, i) => {
    const [broker, controller, inner, ...others] = held.slice(each * i, each * (i + 1)).map(({ port }) => port)
    return { broker, controller, inner, further: others }
  })
}

/** Below those that systems hand to whoever connects: until the broker listens, nobody else comes to have it by chance. */
async function holdPort(): Promise<{ readonly server: Server; readonly port: number }> {
  for (let tries = 1; ; tries++) {
    const server = createServer()
    const port = randomInt(FIRST_PORT, PORTS_END)
    const fault = await new Promise<Error | null>(resolve => {
      server.once('error', resolve)
      server.listen(port, '127.0.0.1', () => resolve(null))
    })
    if (fault === null) return { server, port }
    if (tries === MOST_TRIES) throw fault
  }
}

// What one node of a small cluster is told: controller and broker in one process, on this machine only.

export interface NodePorts {
  readonly broker: number
  readonly controller: number
  /** Where brokers speak with one another. */
  readonly inner: number
  /** What clients are told instead of `broker`: of something that stands before it. */
  readonly advertised?: number
  /** Of further listeners, in their order. */
  readonly further?: readonly number[]
}

/** A way to a broker beside the plain one. */
export interface BrokerListener {
  /** In capitals. */
  readonly name: string
  readonly protocol: 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
  /** As Kafka has them, without the listener's name before them. */
  readonly properties: Readonly<Record<string, string>>
}

/**
 * The properties file of one node.
 *
 * @param node counted from 1
 * @param ports of all nodes, in their order
 * @param folder where the node keeps its log
 * @param listeners further ones, whose ports are the node's `further`
 */
export function nodeProperties(
  node: number,
  ports: readonly NodePorts[],
  folder: string,
  listeners: readonly BrokerListener[] = [],
): string {
  const { broker, controller, inner, advertised = broker, further = [] } = ports[node - 1]
  const secure = listeners.map(({ name }, i) => `,${name}://127.0.0.1:${further[i]}`).join('')
  const protocols = listeners.map(({ name, protocol }) => `,${name}:${protocol}`).join('')
  const replicas = String(ports.length)
  const properties: Readonly<Record<string, string>> = {
    'process.roles': 'broker,controller',
    'node.id': String(node),
    'controller.quorum.voters': ports.map((one, i) => `${i + 1}@127.0.0.1:${one.controller}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT${protocols}`,
    listeners: [
      `PLAINTEXT://127.0.0.1:${broker}`,
      `INNER://127.0.0.1:${inner}`,
      `CONTROLLER://127.0.0.1:${controller}${secure}`,
    ].join(','),
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertised},INNER://127.0.0.1:${inner}${secure}`,
    'inter.broker.listener.name': 'INNER',
    'log.dirs': folder,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': ports.length === 1 ? '1' : '2',
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': ports.length === 1 ? '1' : '2',
    'share.coordinator.state.topic.replication.factor': replicas,
    // Each partition of these two is a folder of files: a small cluster starts faster with few.
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.num.partitions': '3',
    'share.coordinator.state.topic.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'log.cleaner.dedupe.buffer.size': '4194304',
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500',
  }
  const own = listeners.flatMap(({ name, properties: asked }) =>
    Object.entries(asked).map(([key, value]) => [`listener.name.${name.toLowerCase()}.${key}`, value] as const),
  )
  return [...Object.entries(properties), ...own].map(([name, value]) => `${name}=${value}\n`).join('')
}

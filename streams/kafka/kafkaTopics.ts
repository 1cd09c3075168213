// The table of topics against what the brokers have: missing ones are created, different ones are told, none is changed.
import { setTimeout as sleep } from 'node:timers/promises'
import { FusionError } from '../../schemas/index.ts'
import type { Topic } from '../topics.ts'
import type { KafkaClient } from './kafkaClient.ts'
import { brokerCodeOf, brokerCodes } from './kafkaErrors.ts'

/** A topic as the brokers have it. */
export interface KafkaTopic {
  readonly name: string
  /** The name at the brokers, prefix included. */
  readonly brokerName: string
  readonly partitions: number
  readonly keep: Topic['keep']
  /** How long a tombstone stays, at least, once compaction has met it. */
  readonly tombstoneMs: number
}

export interface TopicPlan {
  readonly topics: readonly Topic[]
  readonly prefix: string
  /** Copies of each partition; null leaves it to the brokers, and does not look at how many there are. */
  readonly replication: number | null
  readonly maxRecordBytes: number
  readonly isReadOnly: boolean
}

const TOPIC_RESOURCE = 2
const BROKER_DEFAULT = -1
const CREATE_TIMEOUT_MS = 10_000
/** What a batch may hold beside its record. */
const BATCH_OVERHEAD_BYTES = 1024
/** Several records share a batch up to about this. */
export const BATCH_BYTES = 512 * 1024
const LEADER_PAUSE_MS = 20

/**
 * @returns the topics by our name for them; without partitions where there is none yet and none may be created
 * @throws FusionError CONFIG_INVALID that names every difference between the table and the brokers
 */
export async function prepareTopics(client: KafkaClient, plan: TopicPlan): Promise<ReadonlyMap<string, KafkaTopic>> {
  const brokerName = (topic: Topic) => plan.prefix + topic.name
  const missing: Topic[] = []
  const present: Topic[] = []
  for (const topic of plan.topics) {
    const partitions = await client.persist(() => client.partitionsOf(brokerName(topic)))
    if (partitions.length === 0) missing.push(topic)
    else present.push(topic)
  }
  const differences = await client.persist(() => findDifferences(client, plan, present))
  if (differences.length > 0) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The brokers' topics are not as birthline's table wants them: ${differences.join('; ')}. ` +
        'Nothing was changed: alter them with the tools of Kafka, or use another topic prefix.',
      { detail: { differences: differences.length } },
    )
  }
  if (!plan.isReadOnly && missing.length > 0) {
    await client.persist(() => create(client, plan, missing))
    for (const topic of missing) await client.persist(() => awaitLeaders(client, brokerName(topic), topic.partitions))
  }
  const there = plan.isReadOnly ? present : plan.topics
  const tombstonesMs = await client.persist(() => findTombstonesMs(client, there.map(brokerName)))
  return new Map(
    plan.topics.map(topic => {
      const { name, keep } = topic
      const tombstoneMs = tombstonesMs.get(brokerName(topic)) ?? 0
      // To those who only read, a topic that nobody has created yet is empty.
      const partitions = plan.isReadOnly && missing.includes(topic) ? 0 : topic.partitions
      return [name, { name, brokerName: brokerName(topic), partitions, keep, tombstoneMs }]
    }),
  )
}

function settingsOf(topic: Topic, maxRecordBytes: number): Readonly<Record<string, string>> {
  const hasRetention = topic.retainBytes !== null || topic.retainMs !== null
  return {
    'cleanup.policy': topic.keep === 'all' ? 'delete' : hasRetention ? 'compact,delete' : 'compact',
    'retention.bytes': String(topic.retainBytes ?? -1),
    'retention.ms': String(topic.retainMs ?? -1),
    'max.message.bytes': String(maxRecordBytes + BATCH_OVERHEAD_BYTES),
  }
}

async function findTombstonesMs(client: KafkaClient, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map()
  const node = await client.controller()
  const configNames = ['delete.retention.ms']
  const { resources } = await node.describeConfigs({
    resources: names.map(name => ({ type: TOPIC_RESOURCE, name, configNames })),
  })
  return new Map(
    resources.map(({ resourceName, configEntries }) => [resourceName, Number(configEntries[0]?.configValue ?? 0)]),
  )
}

async function findDifferences(client: KafkaClient, plan: TopicPlan, present: readonly Topic[]): Promise<string[]> {
  if (present.length === 0) return []
  const node = await client.controller()
  const names = present.map(topic => plan.prefix + topic.name)
  const configNames = Object.keys(settingsOf(present[0], plan.maxRecordBytes))
  const { resources } = await node.describeConfigs({
    resources: names.map(name => ({ type: TOPIC_RESOURCE, name, configNames })),
  })
  const differences: string[] = []
  for (const topic of present) {
    const name = plan.prefix + topic.name
    const partitions = await client.partitionsOf(name)
    const say = (what: string, has: string | number, wants: string | number) =>
      differences.push(`${name} has ${what} ${has}, not ${wants}`)
    if (partitions.length !== topic.partitions) say('partitions', partitions.length, topic.partitions)
    const copies = partitions[0]?.replicas.length ?? 0
    if (plan.replication !== null && copies !== plan.replication) say('copies', copies, plan.replication)
    const entries = resources.find(one => one.resourceName === name)?.configEntries ?? []
    const held = new Map(entries.map(({ configName, configValue }) => [configName, configValue]))
    for (const [setting, wanted] of Object.entries(settingsOf(topic, plan.maxRecordBytes))) {
      const value = held.get(setting) ?? 'nothing'
      const isSame =
        setting === 'max.message.bytes' ? Number(value) >= Number(wanted) : sorted(value) === sorted(wanted)
      if (!isSame) say(setting, value, wanted)
    }
  }
  return differences
}

function sorted(list: string): string {
  return list.split(',').sort().join(',')
}

async function create(client: KafkaClient, plan: TopicPlan, missing: readonly Topic[]): Promise<void> {
  const node = await client.controller()
  try {
    await node.createTopics({
      timeout: CREATE_TIMEOUT_MS,
      topics: missing.map(topic => ({
        topic: plan.prefix + topic.name,
        numPartitions: topic.partitions,
        replicationFactor: plan.replication ?? BROKER_DEFAULT,
        configEntries: Object.entries(settingsOf(topic, plan.maxRecordBytes)).map(([name, value]) => ({ name, value })),
      })),
    })
  } catch (error) {
    // Another process created them first, from the same table or one that its own opening compares.
    if (brokerCodeOf(error) !== brokerCodes.topicExists) throw error
  }
}

async function awaitLeaders(client: KafkaClient, name: string, partitions: number): Promise<void> {
  for (;;) {
    const found = await client.partitionsOf(name)
    if (found.length === partitions && found.every(({ leader }) => leader >= 0)) return
    await sleep(LEADER_PAUSE_MS)
  }
}

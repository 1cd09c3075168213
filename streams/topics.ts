// Every topic as data: what is in it, how it is keyed, split and kept.

import { bandTopics, eventTopics, type RecordName } from '../schemas/index.ts'

export interface Topic {
  readonly name: string
  /** The Avro record in it; `null` where each value is an Arrow stream. */
  readonly record: RecordName | null
  readonly key: string
  readonly partitions: number
  /** `latest` keeps the newest record of each key; `all` keeps everything within the retention. */
  readonly keep: 'all' | 'latest'
  /** Oldest records go once the partition holds more; `null` is for ever. */
  readonly retainBytes: number | null
  readonly retainMs: number | null
}

const forever = { retainBytes: null, retainMs: null } as const
const DAY_MS = 86_400_000

export const topics: readonly Topic[] = [
  { name: 'raw', record: 'rawRow', key: 'survey and source id', partitions: 1, keep: 'all', ...forever },
  { name: 'spectra', record: 'spectrum', key: 'survey:source', partitions: 4, keep: 'all', ...forever },
  {
    name: 'deliveries',
    record: 'delivery',
    key: 'file:fingerprint, delivery:number or newest',
    partitions: 1,
    keep: 'latest',
    ...forever,
  },
  { name: 'sources', record: 'sourceRoute', key: 'survey family:source', partitions: 4, keep: 'latest', ...forever },
  { name: 'tallies', record: 'deliveryTally', key: 'delivery#number', partitions: 1, keep: 'latest', ...forever },
  { name: 'observations', record: 'sighting', key: 'sky region', partitions: 4, keep: 'all', ...forever },
  { name: 'fuse-changes', record: 'fuseChange', key: 'sky region/patch', partitions: 4, keep: 'latest', ...forever },
  {
    name: 'waiting-spectra',
    record: 'spectrum',
    key: 'sky region/survey:source',
    partitions: 4,
    keep: 'latest',
    ...forever,
  },
  { name: 'pixels', record: 'pixels', key: 'sky region/#spectrum id', partitions: 4, keep: 'latest', ...forever },
  { name: 'stars', record: 'star', key: 'star id', partitions: 4, keep: 'all', ...forever },
  { name: 'latest-stars', record: 'star', key: 'star id', partitions: 4, keep: 'latest', ...forever },
  { name: 'star-ids', record: 'starAlias', key: 'survey:source', partitions: 4, keep: 'latest', ...forever },
  { name: 'posteriors', record: 'posterior', key: 'star id', partitions: 4, keep: 'all', ...forever },
  { name: 'samples', record: null, key: 'posterior id', partitions: 4, keep: 'latest', ...forever },
  { name: 'posterior-places', record: 'posteriorPlaces', key: 'star id', partitions: 4, keep: 'latest', ...forever },
  { name: 'latest-posteriors', record: 'posterior', key: 'star id', partitions: 4, keep: 'latest', ...forever },
  { name: 'candidates', record: 'posterior', key: 'star id', partitions: 4, keep: 'latest', ...forever },
  { name: 'serving', record: 'servingModel', key: 'the word model', partitions: 1, keep: 'latest', ...forever },
  {
    name: 'probe-posteriors',
    record: 'posterior',
    key: 'star id',
    partitions: 1,
    keep: 'latest',
    ...forever,
  },
  { name: 'probes', record: 'posterior', key: 'star id', partitions: 1, keep: 'latest', ...forever },
  ...bandTopics.map(
    (name): Topic => ({ name, record: 'posterior', key: 'star id', partitions: 1, keep: 'latest', ...forever }),
  ),
  { name: 'subscriptions', record: 'subscription', key: 'subscription id', partitions: 1, keep: 'latest', ...forever },
  {
    name: 'subscription-work',
    record: 'subscriptionWork',
    key: 'star:id, fill:id or clear:id',
    partitions: 1,
    keep: 'latest',
    ...forever,
  },
  {
    name: 'subscription-members',
    record: 'starSubscriptions',
    key: 'star id',
    partitions: 1,
    keep: 'latest',
    ...forever,
  },
  ...eventTopics.map(
    (name): Topic => ({
      ...{ name, record: 'subscriptionEvent', key: 'subscription id/star id', partitions: 1 },
      keep: 'latest',
      ...forever,
    }),
  ),
  { name: 'dead-letters', record: 'deadLetter', key: 'origin', partitions: 1, keep: 'all', ...forever },
  {
    name: 'heartbeat',
    record: 'heartbeat',
    key: 'process',
    partitions: 1,
    keep: 'all',
    retainBytes: null,
    retainMs: DAY_MS,
  },
  { name: 'gaps', record: 'gap', key: 'kind', partitions: 1, keep: 'all', retainBytes: null, retainMs: 90 * DAY_MS },
]

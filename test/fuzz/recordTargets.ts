// Decoders of records and of batches of them, cursors, and what lies on disk: a log's file, a checkpoint.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPosteriorModel } from '../../models/index.ts'
import { parseCondition } from '../../ops/stars/classFeed.ts'
import { formatCursor, parseCursor } from '../../ops/stars/cursor.ts'
import {
  decode,
  decodeSamples,
  decodeStars,
  encode,
  encodeSamples,
  encodeStars,
  packageFile,
  type RecordName,
  recordSchemas,
} from '../../schemas/index.ts'
import { openLog } from '../../streams/index.ts'
import { encodeBatch } from '../../streams/kafka/batchEncoder.ts'
import { crc32c } from '../../streams/kafka/crc32c.ts'
import { decodeBatches } from '../../streams/kafka/recordBatch.ts'
import { checkValues, type FuzzTarget } from './fuzzTarget.ts'

const recordFolder = packageFile('test', 'fixtures', 'records')
const recordFiles = readdirSync(recordFolder).filter(name => name.endsWith('.bin'))
const names = Object.keys(recordSchemas) as RecordName[]

const avroTargets: readonly FuzzTarget[] = names.map(name => ({
  name: `avro:${name}`,
  seeds: async () => {
    const files = recordFiles.filter(file => file.startsWith(`${name}.`))
    return files.map(file => readFileSync(join(recordFolder, file)))
  },
  words: ['\0\0\0\0\x64', 'gaiaDr3', '\x80\x80\x80\x80\x08', '\x02', '\0'],
  async run(bytes) {
    const record = decode(name, bytes)
    checkValues(record)
    encode(name, record)
  },
}))

/** Of each batch whose frame is whole. */
function repairBatches(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = 0; at + 61 <= copy.length; ) {
    const end = at + 12 + copy.readInt32BE(at + 8)
    if (end < at + 61 || end > copy.length) break
    copy.writeUInt32BE(crc32c(copy, at + 21, end), at + 17)
    at = end
  }
  return copy
}

const arrowStar = {
  starId: 'gaiaDr3:1',
  version: 'v',
  raDeg: 1,
  decDeg: 2,
  epochJyr: 2016,
  sources: [],
  measurements: [{ quantity: 'gMag', value: 12.5, err: 0.1, isLimit: false, survey: 'gaiaDr3' }],
  isAmbiguous: false,
  flags: [],
  isRetired: false,
}

const pilot = packageFile('models', 'checkpoints', 'pilot')

/** A log with a little of everything, as one file. */
async function smallLog(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-fuzz-log-'))
  const log = await openLog({ kind: 'embedded', folder })
  for (let i = 0; i < 6; i++) {
    const value = new Uint8Array(600 * (i + 1)).fill(i)
    await log.transact({
      outputs: [
        { topic: 'raw', key: `k${i}`, value },
        { topic: 'latest-stars', key: `k${i % 3}`, value: i === 4 ? null : value },
      ],
      group: 'ingest',
      offsets: [{ topic: 'raw', partition: 0, offset: i }],
    })
  }
  await log.close()
  const bytes = readFileSync(join(folder, 'log.mdb'))
  await rm(folder, { recursive: true })
  return bytes
}

async function readLog(folder: string, isReadOnly: boolean): Promise<void> {
  const log = await openLog({ kind: 'embedded', folder, readOnly: isReadOnly })
  try {
    for (const topic of ['raw', 'latest-stars', 'stars']) {
      const reader = log.openReader({ topics: [topic] })
      for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) checkValues(batch.records)
      await reader.close()
      checkValues(await log.extents(topic))
    }
    checkValues(await log.committed('ingest'))
    for (const key of ['k0', 'k1', 'none']) await log.latest('latest-stars', key)
    if (!isReadOnly) await log.transact({ outputs: [{ topic: 'raw', key: 'k', value: Buffer.from('new') }] })
  } finally {
    await log.close()
  }
}

async function readModel(folder: string): Promise<void> {
  const model = await openPosteriorModel(folder)
  try {
    const given = [{ quantity: 'gMag', value: 12, err: 0.01, isLimit: false }]
    checkValues(await model.infer([{ key: 'a', given }], { sampleCount: 16, seed: 1n }))
  } finally {
    await model.close()
  }
}

export const recordTargets: readonly FuzzTarget[] = [
  ...avroTargets,
  {
    name: 'arrowStars',
    seeds: async () =>
      (['stream', 'file'] as const).map(format => Buffer.from(encodeStars([arrowStar, arrowStar], format))),
    words: ['ARROW1\0\0', '\xff\xff\xff\xff', 'gMagErr', '\x10\0\0\0'],
    run: async bytes => checkValues(decodeStars(bytes)),
  },
  {
    name: 'arrowSamples',
    seeds: async () => {
      const origin = { posteriorId: 'p', starId: 's', model: 'm', seed: 1n }
      const samples = { names: ['logAgeYr', 'avMag'], count: 4, values: Float32Array.of(6, 7, 8, 9, 0, 1, 2, 3) }
      return [Buffer.from(encodeSamples(origin, samples))]
    },
    words: ['ARROW1\0\0', '\xff\xff\xff\xff', 'logAgeYr'],
    run: async bytes => checkValues(decodeSamples(bytes)),
  },
  {
    name: 'kafkaBatches',
    seeds: async () => {
      const head = { producerId: 7n, epochNumber: 0, firstSequence: 0, timeMs: 0 }
      const batch = (texts: readonly string[]) =>
        encodeBatch(
          texts.map(key => ({ key, keyBytes: key.length, value: Buffer.from(`value of ${key}`) })),
          head,
        )
      return [batch(['a', 'b', 'c']), Buffer.concat([batch(['a']), batch(['b', 'c'])])]
    },
    words: ['\0\x01', '\0\x30', '\x1f\x8b\x08\0', '\0\0\0\0'],
    repair: repairBatches,
    async run(bytes) {
      const { records } = decodeBatches(bytes, 0, [{ producerId: 7n, firstOffset: 2 }], 'topic/0')
      checkValues(records)
    },
  },
  {
    name: 'cursor',
    seeds: async () => [Buffer.from('0:12.1:7.3:40')],
    words: [':', '.', '-', '99999:999999999999999', '0x1'],
    async run(bytes) {
      const positions = parseCursor(bytes.toString(), 'posteriors')
      checkValues(positions)
      if (parseCursor(formatCursor(positions), 'posteriors').length !== positions.length) throw new RangeError('lost')
    },
  },
  {
    name: 'condition',
    seeds: async () => [Buffer.from('young\n0.9'), Buffer.from('giant\n1')],
    words: ['youngDisk', '1e-400', 'Infinity', '0x1', ' '],
    async run(bytes) {
      const [className, above = ''] = bytes.toString().split('\n')
      checkValues(parseCondition(className, above))
    },
  },
  {
    name: 'logFile',
    knownCrash:
      'LMDB maps the file and believes its pages: a damaged page may end the process, a damaged chunk is told',
    seeds: async () => [await smallLog()],
    words: ['\xde\xc0\xef\xbe', 'raw', '[{"id":0', '"partitions":1'],
    async run(bytes, folder) {
      writeFileSync(join(folder, 'manifest.json'), '{"format":"birthline log","version":1}')
      writeFileSync(join(folder, 'log.mdb'), bytes)
      await readLog(folder, true)
      await readLog(folder, false)
    },
  },
  {
    name: 'manifest',
    seeds: async () => [Buffer.from('{"format":"birthline log","version":1}\n')],
    words: ['"version":', '2', 'null', '1e999', '[]'],
    async run(bytes, folder) {
      writeFileSync(join(folder, 'manifest.json'), bytes)
      await (await openLog({ kind: 'embedded', folder })).close()
    },
  },
  {
    name: 'modelCard',
    seeds: async () => [readFileSync(join(pilot, 'model.json'))],
    words: ['"config": ', 'null', '1e400', '-1', '[]', '"noise": ', '"sampler": ', '"values": ['],
    async run(bytes, folder) {
      cpSync(join(pilot, 'weights.bin'), join(folder, 'weights.bin'))
      writeFileSync(join(folder, 'model.json'), bytes)
      await readModel(folder)
    },
  },
]

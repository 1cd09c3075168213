// Simulated stars read back from the shards of a folder, in their order.
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { openTable, type Row } from '../../streams/index.ts'
import { type Manifest, readManifest } from './simulationJournal.ts'

/** @throws FusionError FILE_UNREADABLE where the folder holds no finished simulation */
export async function openShards(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder)
  if (manifest !== null) return manifest
  throw new FusionError(
    'FILE_UNREADABLE',
    `${folder} holds no finished simulation; make one with \`birthline simulate RECIPE --out ${folder}\`.`,
    { detail: { path: folder } },
  )
}

/**
 * The first stars: stars are drawn independently, so that they stand for all.
 * @throws FusionError FILE_UNREADABLE
 */
export async function* shardRows(folder: string, { shards }: Manifest, maxStars: number): AsyncGenerator<Row> {
  let left = maxStars
  for (const { file } of shards) {
    if (left <= 0) return
    const table = await openTable(join(folder, file))
    try {
      for await (const { rows } of table.batches()) {
        for (const row of rows.slice(0, left)) yield row
        left -= rows.length
        if (left <= 0) return
      }
    } finally {
      await table.close()
    }
  }
}

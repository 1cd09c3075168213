import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { BucketFile } from '../../../streams/index.ts'
import { temporaryFolder } from '../../actors/logFolder.ts'

async function contentOf(file: BucketFile, bucket: number): Promise<string[]> {
  const found: string[] = []
  for await (const entry of file.entries(bucket)) found.push(Buffer.from(entry).toString('latin1'))
  return found
}

test('every entry comes back from its bucket, once and in order, whatever its size', async () => {
  const folder = await temporaryFolder()
  const file = await BucketFile.open(folder, 5, 64)
  onTestFinished(() => file.close())
  const rng = createRng(8)
  const expected: string[][] = [[], [], [], [], []]
  for (let i = 0; i < 2000; i++) {
    // The last bucket stays empty; one entry in fifty is larger than a chunk.
    const bucket = rng.integer(4)
    const text = `${i}`.padEnd(rng.integer(50) === 0 ? 300 : rng.integer(60), 'x')
    expected[bucket].push(text)
    await file.put(bucket, Buffer.from(text))
  }
  for (const [bucket, texts] of expected.entries()) expect(await contentOf(file, bucket)).toEqual(texts)
  expect(file.sizeBytes).toBeGreaterThan(50_000)
  await file.close()
  expect(await readdir(folder)).toEqual([])
})

test('a folder that cannot be written to is told', async () => {
  const folder = join(await temporaryFolder(), 'not-there')
  await expect(BucketFile.open(folder, 2)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
})

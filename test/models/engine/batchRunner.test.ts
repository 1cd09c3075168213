import { expect, test } from 'vitest'
import { BatchRunner, batchSizes } from '../../../models/engine/batchRunner.ts'
import { FusionError } from '../../../schemas/index.ts'

// As the CUDA provider says it, when it opens and when it runs.
const sentences = {
  run: 'Non-zero status code returned while running MatMul node. Failed to allocate memory for requested buffer of size 536870912',
  open: 'CUDA failure 2: out of memory ; GPU=0 ; hostname=here ; expr=cudaMalloc((void**)&p, size);',
}

/** A device with room for so many rows; each row's result is twice the row. */
function openDevice(room: number, fails: 'run' | 'open' = 'run') {
  const ran: number[] = []
  const open = new Set<number>()
  const runner = new BatchRunner<number, number>('cuda', [1, 4, 16, 64], async size => {
    const refusal = new FusionError('CONFIG_INVALID', 'The device cannot be opened', {
      cause: new Error(sentences.open),
    })
    if (fails === 'open' && size > room) throw refusal
    open.add(size)
    return {
      async run(rows) {
        expect(rows).toHaveLength(size)
        ran.push(size)
        if (size > room) throw new Error(sentences.run)
        return rows.map(row => 2 * row)
      },
      close: async () => void open.delete(size),
    }
  })
  return { runner, ran, open }
}

const rowsTo = (count: number) => Array.from({ length: count }, (_, i) => i)
const doubled = (count: number) => rowsTo(count).map(row => 2 * row)

test('full batches of the largest size, then the smallest that holds the rest; a lone row in a graph of one', async () => {
  const { runner, ran, open } = openDevice(64)
  expect(await runner.run(rowsTo(150))).toEqual(doubled(150))
  expect(ran).toEqual([64, 64, 64])
  expect(await runner.run(rowsTo(1))).toEqual([0])
  expect(await runner.run(rowsTo(5))).toEqual(doubled(5))
  expect(await runner.run([])).toEqual([])
  expect(ran.slice(3)).toEqual([1, 16])
  await runner.close()
  expect(open.size).toBe(0)
})

for (const fails of ['run', 'open'] as const) {
  test(`where memory ends (on ${fails}) batches are halved until they fit, and stay so`, async () => {
    const { runner, ran, open } = openDevice(20, fails)
    expect(await runner.run(rowsTo(70))).toEqual(doubled(70))
    // 64 and 32 were too many.
    expect(runner.mostRows).toBe(16)
    expect([...open].every(size => size <= 16)).toBe(true)
    const before = ran.length
    expect(await runner.run(rowsTo(64))).toEqual(doubled(64))
    expect(ran.slice(before)).toEqual([16, 16, 16, 16])
  })
}

test('a device without room for one row is told, and what has nothing to do with memory passes as it is', async () => {
  await expect(openDevice(0).runner.run(rowsTo(3))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/'cuda' has no memory for a single star/),
  })
  const broken = new BatchRunner<number, number>('cuda', [1], async () => {
    throw new RangeError('ours')
  })
  await expect(broken.run([1])).rejects.toThrow(RangeError)
})

test('sizes grow fourfold as far as memory and the most that is wanted go, and are at least one', () => {
  expect(batchSizes(1000, 70_000, 1024)).toEqual([1, 4, 16, 64])
  expect(batchSizes(1, 1e9, 256)).toEqual([1, 4, 16, 64, 256])
  expect(batchSizes(1e12, 1, 256)).toEqual([1])
})

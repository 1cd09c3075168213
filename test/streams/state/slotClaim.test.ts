import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { packageFile } from '../../../schemas/index.ts'
import { type Slot, takeSlot } from '../../../streams/state/slotClaim.ts'
import { temporaryFolder } from '../../actors/logFolder.ts'

const held: Slot[] = []
const children = new Set<ReturnType<typeof spawn>>()

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const slot of held.splice(0)) await slot.release()
})

function take(folder: string, prefix = 'id', kind: 'writer' | 'reader' = 'writer'): Slot {
  const slot = takeSlot(folder, kind, number => `${prefix}-${number}`)
  held.push(slot)
  return slot
}

/** A process that holds some slots, until it is killed. */
async function holder(folder: string, prefix: string, count: number): Promise<() => Promise<void>> {
  const script = packageFile('test', 'streams', 'state', 'holdingProcess.mjs')
  const child = spawn(process.execPath, [script, folder, prefix, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  await once(createInterface({ input: child.stdout }), 'line')
  return async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    children.delete(child)
  }
}

test('each takes the lowest that is free, writers and readers by themselves', async () => {
  const folder = await temporaryFolder()
  expect([take(folder), take(folder), take(folder)].map(({ number }) => number)).toEqual([0, 1, 2])
  expect(take(folder, 'id', 'reader').number).toBe(0)
  await held[1].release()
  const again = take(folder)
  expect(again.number).toBe(1)
  expect(again.folder).toMatch(/writer-1$/)
  expect(again.orphans).toEqual([])
})

test('another process has slots of its own while it lives; when it is killed they are taken over at once', async () => {
  const folder = await temporaryFolder()
  const kill = await holder(folder, 'id', 3)
  expect(take(folder).number).toBe(3)
  await kill()
  const heir = take(folder)
  expect(heir.number).toBe(0)
  expect(heir.orphans).toEqual(['id-1', 'id-2'])
  // Nobody else may settle the same ones.
  expect(take(folder).number).toBe(4)
  heir.settleOrphans()
  expect([take(folder).number, take(folder).number]).toEqual([1, 2])
})

test('the slot that a process died in comes before a free one below it', async () => {
  const folder = await temporaryFolder()
  const first = take(folder)
  const kill = await holder(folder, 'id', 1)
  await first.release()
  await kill()
  const slot = take(folder)
  expect([slot.number, slot.orphans]).toEqual([1, []])
})

test('what died under another id holds no place, and is not settled under this one', async () => {
  const folder = await temporaryFolder()
  const kill = await holder(folder, 'other', 2)
  await kill()
  const slot = take(folder)
  expect([slot.number, slot.orphans]).toEqual([0, []])
})

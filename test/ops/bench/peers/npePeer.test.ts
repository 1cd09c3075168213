import { expect, test } from 'vitest'
import { type Task, taskTable } from '../../../../models/index.ts'
import { openPeer } from '../../../../ops/bench/peers/npePeer.ts'

const taskOf = (name: string) => taskTable.get(name) as Task
const asked = { method: 'NPE', simulations: 10, seed: 1 } as const

test('a task whose prior is not uniform is refused', async () => {
  const opening = openPeer(taskOf('gaussian_linear'), { ...asked, python: 'python3' })
  await expect(opening).rejects.toThrow(new RangeError('gaussian_linear: sbi is told uniform priors only'))
})

test('an interpreter that is missing, or cannot run the peer, is told', async () => {
  const openWith = (python: string) => openPeer(taskOf('two_moons'), { ...asked, python })
  await expect(openWith('no-such-python')).rejects.toThrow(/no-such-python .*npePeer\.py ended without an answer/)
  await expect(openWith(process.execPath)).rejects.toThrow(/ended without an answer: .*npePeer\.py/s)
})

// Which stars a training saw, in sixteen digits: they are made and not kept, so the first of them stand for all.
import { createHash } from 'node:crypto'
import type { Simulator } from './simulator.ts'

/** Enough that a change of any track, passband or survey shows in some of them. */
const FINGERPRINT_STARS = 2000

/** Hash of what is seen and true of the first stars that a simulator draws: it stays while it draws the same stars. */
export function simulationFingerprint(simulator: Simulator, seed: number): string {
  const drawn = simulator.draw({ seed, first: 0, count: FINGERPRINT_STARS })
  const hash = createHash('sha256').update(JSON.stringify([simulator.name, simulator.classes, simulator.classPrior]))
  hash.update(bytesOf(drawn.classIndex))
  for (const columns of [drawn.parameters, drawn.observables, drawn.errors, drawn.presence]) {
    for (const [name, values] of columns) hash.update(name).update(bytesOf(values))
  }
  for (const columns of [drawn.limits ?? [], drawn.lists ?? []]) {
    for (const [name, { values, presence }] of columns) {
      hash.update(name).update(bytesOf(values)).update(bytesOf(presence))
    }
  }
  return hash.digest('hex').slice(0, 16)
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

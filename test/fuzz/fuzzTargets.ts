// All that is fuzzed.
import type { FuzzTarget } from './fuzzTarget.ts'
import { httpTarget } from './httpTarget.ts'
import { recordTargets } from './recordTargets.ts'
import { spectrumTargets } from './spectrumTargets.ts'
import { tableTargets } from './tableTargets.ts'

export const fuzzTargets: readonly FuzzTarget[] = [...tableTargets, ...spectrumTargets, ...recordTargets, httpTarget]

/** Does on purpose what the fuzzer is there to find, so that it is seen to find it. */
const selfTest: FuzzTarget = {
  name: 'selfTest',
  seeds: async () => [Buffer.from('good')],
  words: [],
  async run(bytes) {
    const text = bytes.toString()
    if (text.includes('nan')) throw new RangeError('a NaN came out')
    if (text.includes('crash')) process.abort()
    if (text.includes('memory')) Buffer.alloc(600 * 2 ** 20, 1)
    if (text.includes('reject')) {
      Promise.reject(new Error('nobody listens'))
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    while (text.includes('hang')) {}
  },
}

/** @throws RangeError when there is none of that name */
export function fuzzTarget(name: string): FuzzTarget {
  const found = [...fuzzTargets, selfTest].find(target => target.name === name)
  if (found !== undefined) return found
  throw new RangeError(`no target ${name}; there are ${fuzzTargets.map(target => target.name).join(', ')}`)
}

// A thread that sends packets of light through one object after the other.
import { parentPort } from 'node:worker_threads'
import type { Yso } from '../../models/index.ts'
import { sendPackets } from './packetTransfer.ts'

export interface PacketTask {
  readonly index: number
  readonly yso: Yso
  readonly packets: number
  readonly seed: number
}

parentPort?.on('message', ({ index, yso, packets, seed }: PacketTask) => {
  parentPort?.postMessage({ index, outcome: sendPackets(yso, packets, seed) })
})

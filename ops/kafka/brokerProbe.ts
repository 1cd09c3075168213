// Asks a node, over a bare socket, how many brokers it knows: the cluster is up when every node knows all of them.
import { connect } from 'node:net'

const METADATA_KEY = 3
const METADATA_VERSION = 1
const PROBE_TIMEOUT_MS = 1000

/** The number of brokers that the node at `port` of this machine sees; null while it does not answer. */
export function brokerCount(port: number): Promise<number | null> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1' })
    let answer = Buffer.alloc(0)
    const finish = (count: number | null) => {
      socket.destroy()
      resolve(count)
    }
    socket.setTimeout(PROBE_TIMEOUT_MS, () => finish(null))
    socket.on('error', () => finish(null))
    socket.on('close', () => resolve(null))
    socket.on('connect', () => socket.write(metadataRequest()))
    socket.on('data', bytes => {
      answer = Buffer.concat([answer, bytes])
      // Length, the number of our request, then the array of brokers.
      if (answer.length >= 12) finish(answer.readInt32BE(8))
    })
  })
}

/** Length, API, version, number of the request, no client name, and an empty list of topics: none of them. */
function metadataRequest(): Buffer {
  const bytes = Buffer.alloc(18)
  bytes.writeInt32BE(14, 0)
  bytes.writeInt16BE(METADATA_KEY, 4)
  bytes.writeInt16BE(METADATA_VERSION, 6)
  bytes.writeInt32BE(1, 8)
  bytes.writeInt16BE(-1, 12)
  bytes.writeInt32BE(0, 14)
  return bytes
}

// The connections of kafkajs, mended: what one of them lost, or did not get in time, neither garbles nor holds up what comes after.
import type { ConnectionPoolBuilder, NodeConnection } from './kafkaNode.ts'

const LENGTH_BYTES = 4
/** What kafkajs listens to. */
const heard = ['data', 'end', 'error', 'timeout']

/** The connections of one client. */
export class KafkaConnections {
  /** Those that may have a socket. */
  readonly #open = new Set<NodeConnection>()
  #isOver = false

  /** @param builder of all of them: what it makes from now on is mended */
  constructor(builder: ConnectionPoolBuilder) {
    const build = builder.build
    builder.build = async destination => {
      const connectionPool = await build(destination)
      for (const connection of connectionPool.pool) this.#mend(connection)
      return connectionPool
    }
  }

  /** From now on none is opened. */
  end(): void {
    this.#isOver = true
  }

  /** Nobody waits for an answer any more: all requests fail at once. */
  cut(): void {
    this.end()
    for (const { socket } of this.#open) socket?.destroy(new KafkaJSConnectionLost('closed before its answer came'))
  }

  #mend(connection: NodeConnection): void {
    const connect = connection.connect.bind(connection)
    const disconnect = connection.disconnect.bind(connection)
    const send = connection.send.bind(connection)
    let pending: Promise<unknown> | null = null
    // Requests that find no connection wait for the same one. As it comes, each of them opens a socket: all but the last are
    // never closed, and what the first ones answer is mixed with what the last one says.
    connection.connect = async () => {
      if (connection.isConnected()) return true
      if (this.#isOver) throw new KafkaJSConnectionLost('closed')
      if (pending !== null) return pending
      forgetSocket(connection)
      this.#open.add(connection)
      pending = connect().finally(() => {
        pending = null
        if (connection.isConnected()) this.#open.add(connection)
      })
      return pending
    }
    connection.disconnect = async () => {
      // Said again and again of a socket that is gone, it would leave a listener on it each time.
      if (connection.isConnected() || connection.socket?.destroyed !== true) await disconnect()
      if (!connection.isConnected()) {
        this.#open.delete(connection)
        // What was asked at the last moment: nothing looks after it any more.
        connection.requestQueue.rejectAll(new KafkaJSConnectionLost('lost'))
      }
      return true
    }
    // A connection that does not answer in time may never do so again, and whatever is sent on it would wait as long.
    connection.send = async request => {
      const { socket } = connection
      try {
        return await send(request)
      } catch (error) {
        if (error instanceof Error && error.name === 'KafkaJSRequestTimeoutError') socket?.destroy(error)
        throw error
      }
    }
  }
}

/** What the last socket says late, or has said by half, would else be read as answers of the next one, of which none would be found again. */
function forgetSocket(connection: NodeConnection): void {
  const { socket } = connection
  if (socket !== undefined) {
    for (const event of heard) socket.removeAllListeners(event)
    socket.on('error', () => {})
    socket.destroy()
  }
  connection.chunks = []
  connection.bytesBuffered = 0
  connection.bytesNeeded = LENGTH_BYTES
}

/** Named as kafkajs names what may be tried again. */
class KafkaJSConnectionLost extends Error {
  override readonly name = 'KafkaJSConnectionLost'
}

// A way to a broker that can be cut: it passes bytes on, later, or not at all.
import { connect, createServer, type Server, type Socket } from 'node:net'

export type LineState = 'open' | 'silent' | 'slow' | 'closed'

export interface TcpProxy {
  readonly port: number
  /** Where new connections lead. */
  target: number
  /**
   * `silent` takes bytes and passes none on until the line opens again, as a cut cable does; `slow` passes each chunk on late; `closed`
   * resets what is open and whoever comes.
   */
  set(state: LineState): void
  close(): Promise<void>
}

/** Of each chunk that passes a slow line. */
const SLOW_MS = 150

export function openProxy(): Promise<TcpProxy> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(new Line(server)))
  })
}

class Line implements TcpProxy {
  readonly port: number
  target = 0
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #state: LineState = 'open'

  constructor(server: Server) {
    this.#server = server
    const address = server.address()
    this.port = typeof address === 'object' && address !== null ? address.port : 0
    server.on('connection', socket => this.#accept(socket))
  }

  set(state: LineState): void {
    this.#state = state
    for (const [near, far] of this.#pairs) {
      if (state === 'closed') {
        near.resetAndDestroy()
        far.resetAndDestroy()
      } else if (state === 'silent') {
        near.pause()
        far.pause()
      } else {
        near.resume()
        far.resume()
      }
    }
  }

  async close(): Promise<void> {
    this.set('closed')
    await new Promise<void>(resolve => this.#server.close(() => resolve()))
  }

  #accept(near: Socket): void {
    if (this.#state === 'closed') {
      near.on('error', () => {})
      near.resetAndDestroy()
      return
    }
    const far = connect({ port: this.target, host: '127.0.0.1' })
    const pair = [near, far] as const
    this.#pairs.add(pair)
    this.#pass(near, far, pair)
    this.#pass(far, near, pair)
    if (this.#state === 'silent') this.set('silent')
  }

  #pass(from: Socket, to: Socket, pair: readonly [Socket, Socket]): void {
    from.setNoDelay(true)
    // In order: a chunk waits for the one before it.
    let last: Promise<void> = Promise.resolve()
    from.on('data', chunk => {
      const lateMs = this.#state === 'slow' ? SLOW_MS : 0
      const before = last
      last = (lateMs === 0 ? before : before.then(() => new Promise(resolve => setTimeout(resolve, lateMs)))).then(
        () => {
          if (!to.destroyed) to.write(chunk)
        },
      )
    })
    const end = () => {
      this.#pairs.delete(pair)
      from.destroy()
      last.then(() => to.destroy())
    }
    from.on('error', end)
    from.on('close', end)
  }
}

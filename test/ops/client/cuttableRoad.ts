// A road between a client and a server that a test can cut, or fill with silence.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface CuttableRoad {
  /** The server's address, by this road. */
  readonly url: string
  /** Connections that were ever made. */
  readonly count: number
  /** Breaks every connection, as a lost network would. */
  cut(): void
  /** Lets nothing more through on the connections that there are, and leaves them open. */
  silence(): void
  close(): Promise<void>
}

export async function openRoad(url: string): Promise<CuttableRoad> {
  const { hostname, port } = new URL(url)
  const pairs = new Set<readonly [near: Socket, far: Socket]>()
  let count = 0
  const server = createServer(near => {
    const far = connect(Number(port), hostname)
    const pair = [near, far] as const
    pairs.add(pair)
    count++
    near.pipe(far).pipe(near)
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('error', () => {})
      one.on('close', () => {
        other.destroy()
        pairs.delete(pair)
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const [near] of pairs) near.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get count() {
      return count
    },
    cut,
    silence: () => {
      for (const [near, far] of pairs) far.unpipe(near)
    },
    close: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}

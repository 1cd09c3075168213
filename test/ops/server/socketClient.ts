// A real client of WebSockets, whose messages and end can be waited for.
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'

export interface SocketMessage {
  readonly cursor: string
  readonly event: string | null
  readonly data: { readonly starId: string; readonly eventId: string; readonly posterior: unknown } | null
}

export interface SocketClient {
  readonly socket: WebSocket
  readonly messages: readonly SocketMessage[]
  /** Resolves once so many events have come; messages that move the cursor alone are not counted. */
  events(count: number): Promise<readonly SocketMessage[]>
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

/** @param url as the server tells it, http:// and all */
export function connectSocket(url: string, options: ClientOptions = {}, protocols: string[] = []): SocketClient {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols, options)
  onTestFinished(() => socket.terminate())
  const messages: SocketMessage[] = []
  const events: SocketMessage[] = []
  socket.on('message', data => {
    const message: SocketMessage = JSON.parse(data.toString())
    messages.push(message)
    if (message.event !== null) events.push(message)
  })
  socket.on('error', () => {})
  const closed = new Promise<{ readonly code: number; readonly reason: string }>(resolve => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  return {
    socket,
    messages,
    closed,
    async events(count) {
      for (;;) {
        if (events.length >= count) return events.slice()
        if (socket.readyState === WebSocket.CLOSED) throw new Error(`closed after ${events.length} of ${count} events`)
        await Promise.race([new Promise(resolve => socket.once('message', resolve)), closed])
      }
    },
  }
}

/** What a request for a WebSocket is answered where none is opened. */
export async function refusalOf(client: SocketClient): Promise<{ status: number; json: Record<string, unknown> }> {
  const [, response] = await once(client.socket, 'unexpected-response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, json: JSON.parse(text) }
}

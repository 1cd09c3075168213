// WebSockets come in by the same door as every other request: routes, tokens and limits see them before they are opened.
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type WebSocket, WebSocketServer } from 'ws'
import { sendProblem } from './problem.ts'

/** What a client offers and is answered, where it offers protocols at all: a token beside it is never sent back. */
const PROTOCOL = 'birthline.v1'
const TOKEN_PREFIX = 'bearer.'
/** Nobody has anything to say here: more ends the socket before it is read. */
const MAX_MESSAGE_BYTES = 1024
const MAX_FRAGMENTS = 8

const acceptor = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  maxPayload: MAX_MESSAGE_BYTES,
  ...{ maxFragments: MAX_FRAGMENTS },
  handleProtocols: offered => offered.has(PROTOCOL) && PROTOCOL,
})

/** The first bytes after the head of each request that may become a WebSocket. */
const openHeads = new WeakMap<IncomingMessage, Buffer>()

/** Brings requests for WebSockets to the routes. */
export function routeUpgrades(app: FastifyInstance, isTls: boolean): void {
  app.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      socket.unshift(Buffer.concat([headWithoutUpgrade(request), head]))
      app.server.emit(isTls ? 'secureConnection' : 'connection', socket)
      return
    }
    openHeads.set(request, head)
    const response = new ServerResponse(request)
    // Node has let go of the connection: whoever is refused is answered once, and must come back on another.
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    response.on('finish', () => socket.end())
    app.routing(request, response)
  })
}

/**
 * Node takes every request that offers another protocol from us, body and all, as soon as one of them is wanted. Some
 * clients offer HTTP/2 with each request, and are answered as if they had not: it begins again, without the offer.
 */
function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!/^(?:upgrade|connection|http2-settings)$/i.test(rawHeaders[i]))
      lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

/** Opens the WebSocket that is asked for; says in the reply why not, where it is not. */
export function acceptSocket(
  request: FastifyRequest,
  reply: FastifyReply,
  onOpen: (socket: WebSocket) => void,
): FastifyReply {
  const head = openHeads.get(request.raw)
  if (head === undefined) {
    const detail = 'This is a WebSocket: open it with ws:// or wss://, or take the event stream beside it.'
    return sendProblem(reply.header('upgrade', 'websocket'), 426, 'REQUEST_INVALID', detail)
  }
  if (isForeign(request)) {
    const detail =
      'A page of another address asks, which only pages of this server may: ask from a program, or from its own page.'
    return sendProblem(reply, 403, 'ORIGIN_FOREIGN', detail)
  }
  const { socket } = request.raw
  reply.hijack()
  reply.raw.detachSocket(socket)
  acceptor.handleUpgrade(request.raw, socket, head, onOpen)
  return reply
}

/** Browsers hold no page back from WebSockets of other servers, as they do from reading their answers: the server must. */
function isForeign({ headers: { origin, host } }: FastifyRequest): boolean {
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host?.toLowerCase())
}

/**
 * The token that a page sends with a WebSocket, for which browsers let it set no other header: as a protocol that it offers
 * beside ours, `bearer.` and the token in base64url. In the address it would be in every log on the way.
 */
export function offeredToken(request: FastifyRequest): string | null {
  if (!openHeads.has(request.raw)) return null
  const offered = request.headers['sec-websocket-protocol']?.split(',').map(one => one.trim()) ?? []
  const found = offered.find(one => one.startsWith(TOKEN_PREFIX))
  return found === undefined ? null : Buffer.from(found.slice(TOKEN_PREFIX.length), 'base64url').toString()
}

// Errors over HTTP as RFC 9457 problem details: one sentence, our code, no traces.
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type ErrorCode, isFusionError } from '../../schemas/index.ts'
import type { JsonSchema } from './recordJsonSchema.ts'

const PROBLEM = 'application/problem+json'

const problemSchema: JsonSchema = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  properties: {
    type: { type: 'string', description: 'about:blank' },
    title: { type: 'string', description: 'The status in words.' },
    status: { type: 'integer', description: 'HTTP status.' },
    detail: { type: 'string', description: 'One sentence: what, where, what to do.' },
    code: { type: 'string', description: 'Stable code of the error.' },
  },
  required: ['type', 'title', 'status', 'detail', 'code'],
}

/** How a route's description names a problem. */
export const problemResponse = {
  description: 'What went wrong.',
  content: { [PROBLEM]: { schema: problemSchema } },
} as const

/** The problems any route may answer with. */
export const problemResponses = {
  400: problemResponse,
  401: problemResponse,
  404: problemResponse,
  410: problemResponse,
  414: problemResponse,
  429: problemResponse,
  500: problemResponse,
  503: problemResponse,
} as const

/** Those of a route that takes a body. */
export const bodyProblemResponses = { ...problemResponses, 413: problemResponse, 415: problemResponse } as const

const titles = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [406, 'Not Acceptable'],
  [408, 'Request Timeout'],
  [409, 'Conflict'],
  [410, 'Gone'],
  [413, 'Content Too Large'],
  [414, 'URI Too Long'],
  [415, 'Unsupported Media Type'],
  [426, 'Upgrade Required'],
  [429, 'Too Many Requests'],
  [431, 'Request Header Fields Too Large'],
  [503, 'Service Unavailable'],
])

const statusOfCode = new Map<ErrorCode, number>([
  ['QUESTION_INVALID', 400],
  ['FILTER_INVALID', 400],
  ['SURVEY_UNKNOWN', 400],
  ['LOG_OFFSET_LOST', 410],
  ['LOG_UNAVAILABLE', 503],
])

export interface Problem {
  readonly status: number
  readonly code: string
  /** One sentence. */
  readonly detail: string
}

/** What is wrong with a request, thrown where an answer is not at hand. */
export class RequestProblem extends Error implements Problem {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }

  get detail(): string {
    return this.message
  }
}

export function sendProblem(reply: FastifyReply, status: number, code: string, detail: string): FastifyReply {
  return reply
    .status(status)
    .header('content-type', PROBLEM)
    .serializer(JSON.stringify)
    .send(problemOf(status, code, detail))
}

function problemOf(status: number, code: string, detail: string) {
  return { type: 'about:blank', title: titles.get(status) ?? 'Internal Server Error', status, detail, code }
}

export function handleProblems(app: FastifyInstance, report: (error: unknown) => void): void {
  // What is not there is limited too: a search for it is the commonest of floods.
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) =>
    sendProblem(
      reply,
      404,
      'ROUTE_UNKNOWN',
      `There is nothing at ${request.url.slice(0, 200)}: /openapi.json lists what there is.`,
    ),
  )
  app.setErrorHandler((error, _request, reply) => {
    const { status, code, detail } = problemFor(error, report)
    return sendProblem(reply, status, code, detail)
  })
}

/** What a client is told of an error; what is no fault of its own is reported, and told without paths and brokers. */
export function problemFor(error: unknown, report: (error: unknown) => void): Problem {
  if (error instanceof RequestProblem) return error
  if (isFusionError(error)) {
    const { code, message } = error
    const status = statusOfCode.get(code) ?? 500
    if (status < 500) return { status, code, detail: message }
    report(error)
    return { status, code, detail: 'The server cannot read its log: its own log says why. Try again later.' }
  }
  const { statusCode: status, message } = error as { readonly statusCode?: number; readonly message: string }
  if (status !== undefined && status >= 400 && status < 500) {
    return { status, code: status === 429 ? 'TOO_MANY_REQUESTS' : 'REQUEST_INVALID', detail: sentence(message) }
  }
  report(error)
  return { status: 500, code: 'INTERNAL', detail: 'The server made a mistake: its log says which. Please report it.' }
}

/** What is wrong before a route is found, without the address that may be of any length. */
export function answerBadAddress(
  error: { readonly statusCode?: number },
  _request: unknown,
  reply: FastifyReply,
): void {
  const isLong = error.statusCode === 414
  const detail = isLong
    ? 'The address holds a part that is longer than any id: give the id as it is listed.'
    : 'The address is not encoded as addresses are: write % as %25, and letters beyond ASCII as UTF-8.'
  sendProblem(reply, isLong ? 414 : 400, 'REQUEST_INVALID', detail)
}

const byteProblems = new Map<string, readonly [status: number, detail: string]>([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'The request did not come in time: send it in one go.']],
  ['HPE_HEADER_OVERFLOW', [431, 'The head of the request is longer than any of ours: send fewer headers.']],
])

/** What is wrong before there is a request: bytes that are no HTTP, too many of them, or too few in time. */
export function answerBadBytes(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, detail] = byteProblems.get(error.code ?? '') ?? [400, 'What came is no HTTP request.']
  const problem = problemOf(status, 'REQUEST_INVALID', detail)
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${status} ${problem.title}`,
    `content-type: ${PROBLEM}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`
}

// The page at `/`: the files of dist/page/, read once, each with a name that changes with its content.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { packageFile } from '../../schemas/index.ts'

/** Scripts, styles and requests of this server alone; nothing within the document, nothing from elsewhere. */
const PAGE_POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

interface PageFile {
  readonly type: string
  readonly etag: string
  readonly plain: Buffer
  /** Made when first asked for: the best compression takes a moment, and many a server shows nobody its page. */
  readonly brotli: () => Buffer
  readonly gzip: () => Buffer
}

const wantsHtml = ({ headers }: FastifyRequest) => (headers.accept ?? '').includes('text/html')

/** Whether the page itself is asked for: it holds nothing of the log, and is handed out without a token. */
export function isPageRequest(request: FastifyRequest): boolean {
  const { url } = request.routeOptions
  return request.method === 'GET' && (url === '/assets/:file' || (url === '/' && wantsHtml(request)))
}

/** @param folder where the page was built; without it `/` tells machines what is here, and nothing else changes */
export function addPageRoutes(app: FastifyInstance, version: string, folder = packageFile('dist', 'page')): void {
  const index = readPageFile(join(folder, 'index.html'))
  const assets = readAssets(join(folder, 'assets'))

  app.get('/', { schema: indexSchema }, async (request, reply) => {
    if (index !== null && wantsHtml(request)) {
      reply.header('content-security-policy', PAGE_POLICY).header('cache-control', 'no-cache')
      return sendFile(request, reply.header('vary', 'accept, accept-encoding'), index)
    }
    return {
      name: 'birthline',
      version,
      description: '/openapi.json',
      routes: ['/health', '/metrics', '/v1/stars/{id}', '/v1/ask', '/v1/classes/{className}/stream', '/subjects'],
    }
  })

  app.get<{ Params: { readonly file: string } }>(
    '/assets/:file',
    { schema: { hide: true } },
    async (request, reply) => {
      const file = assets.get(request.params.file)
      if (file === undefined) return reply.callNotFound()
      reply.header('cache-control', 'public, max-age=31536000, immutable')
      return sendFile(request, reply.header('vary', 'accept-encoding'), file)
    },
  )
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const { type, etag, plain, brotli, gzip } = file
  reply.header('etag', etag).type(type)
  if (request.headers['if-none-match'] === etag) return reply.status(304).send()
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').serializer(asIs).send(brotli())
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').serializer(asIs).send(gzip())
  return reply.serializer(asIs).send(plain)
}

/** The description of `/` is that of its JSON; a file is sent as it lies there. */
const asIs = (bytes: unknown) => bytes as string

function once(make: () => Buffer): () => Buffer {
  let made: Buffer | null = null
  return () => {
    made ??= make()
    return made
  }
}

function readAssets(folder: string): ReadonlyMap<string, PageFile> {
  if (!existsSync(folder)) return new Map()
  return new Map(
    readdirSync(folder).flatMap(name => {
      const file = readPageFile(join(folder, name))
      return file === null ? [] : [[name, file] as const]
    }),
  )
}

function readPageFile(path: string): PageFile | null {
  const type = types[extname(path)]
  if (type === undefined || !existsSync(path)) return null
  const plain = readFileSync(path)
  const etag = `"${createHash('sha256').update(plain).digest('hex').slice(0, 16)}"`
  return { type, etag, plain, brotli: once(() => brotliCompressSync(plain)), gzip: once(() => gzipSync(plain)) }
}

const indexSchema = {
  summary: 'The page where HTML is accepted, and otherwise what is here',
  tags: ['status'],
  response: {
    200: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        version: { type: 'string' },
        description: { type: 'string', description: 'Where the OpenAPI description is.' },
        routes: { type: 'array', items: { type: 'string' } },
      },
      required: ['name', 'version', 'description', 'routes'],
    },
  },
}

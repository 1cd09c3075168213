// Answers go compressed to those who take it, by Node's own zlib: long ones off the thread that serves.
import { promisify } from 'node:util'
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

/** Less is not worth the work. */
const MIN_BYTES = 1024
/** Numbers, which most of an answer is, get hardly shorter with more work: brotli's 4 takes twice as long for 2% less. */
const GZIP_LEVEL = 3
const BROTLI_QUALITY = 2

const compressible =
  /^(?:application\/(?:[\w.+-]*json|[\w.+-]*xml|javascript|vnd\.apache\.arrow\.[\w.]+|fits)|text\/(?!event-stream)|image\/svg\+xml)\b/

/** To hand less to another thread costs more than to do it. */
const MIN_ASIDE_BYTES = 65_536

const gzipBytes = promisify(gzip)
const brotliBytes = promisify(brotliCompress)

type Coding = 'br' | 'gzip'

export function compressAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload
    const bytes = Buffer.from(payload as string)
    const type = String(reply.getHeader('content-type') ?? '')
    if (bytes.length < MIN_BYTES || !compressible.test(type) || reply.hasHeader('content-encoding')) return payload
    if (!reply.hasHeader('vary')) reply.header('vary', 'accept, accept-encoding')
    const coding = codingFor(request.headers['accept-encoding'])
    if (coding === null || request.method === 'HEAD') return payload
    reply.header('content-encoding', coding).removeHeader('content-length')
    return compressed(bytes, coding)
  })
}

function compressed(bytes: Buffer, coding: Coding): Buffer | Promise<Buffer> {
  const isAside = bytes.length >= MIN_ASIDE_BYTES
  if (coding === 'gzip') return (isAside ? gzipBytes : gzipSync)(bytes, { level: GZIP_LEVEL })
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  return (isAside ? brotliBytes : brotliCompressSync)(bytes, { params })
}

/** What the client likes best of what there is; null where it takes neither (RFC 9110, section 12.5.3). */
function codingFor(accepted: string | undefined): Coding | null {
  const weights = new Map<string, number>()
  for (const one of (accepted ?? '').toLowerCase().split(',').slice(0, 20)) {
    const [name, ...parameters] = one.split(';').map(part => part.trim())
    const weight = parameters.find(part => part.startsWith('q='))
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)) || 0)
  }
  const weightOf = (coding: Coding) => weights.get(coding) ?? weights.get('*') ?? 0
  const best: Coding = weightOf('br') >= weightOf('gzip') ? 'br' : 'gzip'
  return weightOf(best) > 0 ? best : null
}

// Answers go compressed to those who take it. Node's own zlib does it, off the thread that serves; nothing else is needed.
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

/** Less is not worth the work. */
const MIN_BYTES = 1024
/** Numbers, which most of an answer is, get hardly shorter with more work: brotli's 4 takes twice as long for 2% less. */
const GZIP_LEVEL = 3
const BROTLI_QUALITY = 2

const compressible =
  /^(?:application\/(?:[\w.+-]*json|[\w.+-]*xml|javascript|vnd\.apache\.arrow\.[\w.]+|fits)|text\/(?!event-stream)|image\/svg\+xml)\b/

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
    return coding === 'br'
      ? brotliBytes(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
      : gzipBytes(bytes, { level: GZIP_LEVEL })
  })
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

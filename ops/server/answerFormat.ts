// The formats that an answer may come in, by the word in the address or by the Accept header.
import type { FastifyRequest } from 'fastify'

/** The media type of each, as it is answered. */
export const mediaTypes = {
  json: 'application/json',
  arrow: 'application/vnd.apache.arrow.file',
  parquet: 'application/vnd.apache.parquet',
  votable: 'application/x-votable+xml',
  fits: 'application/fits',
  csv: 'text/csv; charset=utf-8',
} as const

export type AnswerFormat = keyof typeof mediaTypes

/** What clients may write in their place. */
const accepted: Readonly<Record<AnswerFormat, readonly string[]>> = {
  json: [],
  arrow: ['application/vnd.apache.arrow'],
  parquet: ['application/vnd.apache.parquet', 'application/x-parquet'],
  votable: ['application/x-votable+xml'],
  fits: ['application/fits', 'image/fits'],
  csv: ['text/csv'],
}

/**
 * @param formats those of the route
 * @param asked of the address, which goes before the header; JSON where neither asks for another
 */
export function answerFormat<F extends AnswerFormat>(
  request: FastifyRequest,
  formats: readonly F[],
  asked: F | undefined,
): F | 'json' {
  if (asked !== undefined) return asked
  const accept = request.headers.accept?.toLowerCase() ?? ''
  const found = formats.find(format => accepted[format].some(type => accept.includes(type)))
  return found ?? 'json'
}

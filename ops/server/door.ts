// How the server is reached, checked before it opens: tokens and certificates read, and nothing left open by mistake.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { FusionError } from '../../schemas/index.ts'
import { type HttpSettings, MIN_TOKEN_CHARACTERS } from '../settings/httpSettings.ts'
import type { Access } from './access.ts'
import { type AccessToken, fullToken, parseTokenLine } from './accessToken.ts'

/** PEM texts. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

export interface Door {
  readonly host: string
  readonly port: number
  readonly access: Access
  readonly tls: TlsFiles | null
  /** What should be known before it opens, a sentence each. */
  readonly warnings: readonly string[]
}

/**
 * @param nowMs the system's clock, which certificates go by
 * @throws FusionError CONFIG_INVALID where a file is not as it must be, or others would be served without a token
 */
export function openDoor(config: HttpSettings, nowMs: number): Door {
  const tokens = openedBy(config)
  const tls = readTls(config)
  const host = config.httpHost
  const isLocal = isLoopback(host)
  if (!isLocal && tokens.length === 0 && !config.httpWithoutToken) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The server would answer anybody who reaches ${host}: set BIRTHLINE_HTTP_TOKEN_FILE to a file of tokens, or BIRTHLINE_HTTP_WITHOUT_TOKEN=on where something else guards it.`,
    )
  }
  const warnings: string[] = []
  if (!isLocal && tokens.length === 0) warnings.push(`anybody who reaches ${host} is answered, without a token`)
  if (!isLocal && tokens.length > 0 && tls === null) {
    warnings.push(
      `tokens come to ${host} unencrypted: set BIRTHLINE_HTTP_TLS_CERT and BIRTHLINE_HTTP_TLS_KEY, or put a proxy with TLS before it`,
    )
  }
  if (tls !== null) {
    const { validTo } = new X509Certificate(tls.cert)
    if (Date.parse(validTo) < nowMs) warnings.push(`the certificate in ${config.httpTlsCert} ran out on ${validTo}`)
  }
  return { host, port: config.httpPort, access: { tokens, health: config.httpHealth }, tls, warnings }
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}

/** Each token once: what opens everything by the variable does so whatever the file says. */
export function openedBy({ httpTokens, httpTokenFile }: HttpSettings): readonly AccessToken[] {
  const tokens = new Map<string, AccessToken>()
  for (const token of [...httpTokens.map(fullToken), ...readTokens(httpTokenFile)]) {
    if (!tokens.has(token.text)) tokens.set(token.text, token)
  }
  return [...tokens.values()]
}

/** A line each; blank ones and those that begin with # are none. The sentences name the line, never the token. */
function readTokens(file: string | null): readonly AccessToken[] {
  if (file === null) return []
  const tokens: AccessToken[] = []
  readText(file, 'BIRTHLINE_HTTP_TOKEN_FILE')
    .split('\n')
    .forEach((text, i) => {
      const line = text.trim()
      if (line === '' || line.startsWith('#')) return
      const token = parseTokenLine(line)
      if (typeof token === 'string') {
        throw new FusionError(
          'CONFIG_INVALID',
          `Line ${i + 1} of the token file ${file} ${token}; a token is ${MIN_TOKEN_CHARACTERS} to 512 letters, digits and - . _ ~ + /, and \`openssl rand -hex 32\` makes one.`,
        )
      }
      tokens.push(token)
    })
  if (tokens.length === 0) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The token file ${file} holds no token: write one on each line; \`openssl rand -hex 32\` makes one.`,
    )
  }
  return tokens
}

function readTls({ httpTlsCert, httpTlsKey }: HttpSettings): TlsFiles | null {
  if (httpTlsCert === null && httpTlsKey === null) return null
  if (httpTlsCert === null || httpTlsKey === null) {
    const [given, missing] = httpTlsCert === null ? ['KEY', 'CERT'] : ['CERT', 'KEY']
    throw new FusionError(
      'CONFIG_INVALID',
      `BIRTHLINE_HTTP_TLS_${given} is set and BIRTHLINE_HTTP_TLS_${missing} is not: TLS needs both, or neither.`,
    )
  }
  const cert = readText(httpTlsCert, 'BIRTHLINE_HTTP_TLS_CERT')
  const key = readText(httpTlsKey, 'BIRTHLINE_HTTP_TLS_KEY')
  const certificate = parsed(() => new X509Certificate(cert), httpTlsCert, 'certificate')
  const privateKey: KeyObject = parsed(() => createPrivateKey(key), httpTlsKey, 'private key without a passphrase')
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The key in ${httpTlsKey} does not belong to the first certificate in ${httpTlsCert}: give the two that were made together, the server's own certificate before those above it.`,
    )
  }
  return { cert, key }
}

function parsed<T>(read: () => T, file: string, what: string): T {
  try {
    return read()
  } catch {
    // What OpenSSL says would help nobody, and it read a secret.
    throw new FusionError('CONFIG_INVALID', `The file ${file} holds no ${what} in PEM: give one that does.`)
  }
}

function readText(file: string, variable: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const problem = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new FusionError(
      'CONFIG_INVALID',
      `The file ${file} that ${variable} names cannot be read (${problem}): name one that exists and that this user may read.`,
    )
  }
}

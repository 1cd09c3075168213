// How brokers are spoken to where they ask for more than an address: TLS, and a login in the form kafkajs takes it.
import { connect } from 'node:tls'
import { FusionError } from '../../schemas/index.ts'

/** PEM texts; `null` leaves it to the system, or out. */
export interface KafkaTls {
  /** Authorities that the brokers' certificates are checked against, instead of the system's. */
  readonly ca: string | null
  /** What this side shows of itself, where the brokers ask for it. */
  readonly cert: string | null
  readonly key: string | null
}

export type KafkaLogin =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
      readonly username: string
      readonly password: string
    }
  /** Asked anew for each login, so it keeps tokens as long as they are good. */
  | { readonly mechanism: 'oauthbearer'; token(): Promise<string> }

/** What kafkajs hands to a login of one's own. */
interface Dialogue {
  readonly host: string
  readonly port: number
  saslAuthenticate<T>(step: {
    readonly request: { encode(): Promise<Buffer> }
    readonly response?: { decode(bytes: Buffer): Promise<Buffer>; parse(bytes: Buffer): Promise<T> }
  }): Promise<T>
}

export function saslOptions(login: KafkaLogin): object {
  if (login.mechanism !== 'oauthbearer') return login
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: (dialogue: Dialogue) => ({
      authenticate: async () => showToken(dialogue, await login.token()),
    }),
  }
}

/**
 * The dialogue of RFC 7628. kafkajs's own takes a refusal for a welcome: the broker's first answer is empty where the token is
 * good, else it says why, and waits for one more byte before it ends the login.
 *
 * @throws FusionError CONFIG_INVALID when the token is refused; it is not repeated
 */
async function showToken({ host, port, saslAuthenticate }: Dialogue, token: string): Promise<void> {
  const refusal = await saslAuthenticate({
    request: { encode: async () => withSize(`n,,\x01auth=Bearer ${token}\x01\x01`) },
    response: { decode: async bytes => bytes, parse: async bytes => bytes.subarray(SIZE_BYTES).toString() },
  })
  if (refusal === '') return
  await saslAuthenticate({ request: { encode: async () => withSize('\x01') } }).catch(() => {})
  const status = /"status"\s*:\s*"([a-z_]{1,40})"/.exec(refusal)?.[1] ?? 'no reason given'
  throw new FusionError(
    'CONFIG_INVALID',
    `The broker at ${host}:${port} refused the token (${status}): check that it is for these brokers, and has not run out.`,
  )
}

const SIZE_BYTES = 4

function withSize(text: string): Buffer {
  const bytes = Buffer.from(text)
  const size = Buffer.alloc(SIZE_BYTES)
  size.writeInt32BE(bytes.length)
  return Buffer.concat([size, bytes])
}

export function tlsOptions({ ca, cert, key }: KafkaTls): object {
  return { ...(ca !== null && { ca }), ...(cert !== null && { cert }), ...(key !== null && { key }) }
}

const PROBE_TIMEOUT_MS = 3000

/** Whether what listens at `host:port` answers a TLS greeting, whatever certificate it has. */
export function speaksTls(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(':')
  return new Promise(resolve => {
    const socket = connect({
      host: address.slice(0, colon),
      port: Number(address.slice(colon + 1)),
      rejectUnauthorized: false,
      timeout: PROBE_TIMEOUT_MS,
    })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('secureConnect', () => end(true))
    socket.on('timeout', () => end(false))
    socket.on('error', () => end(false))
    socket.on('close', () => end(false))
  })
}

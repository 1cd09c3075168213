// The settings of the HTTP server: where it listens, to whom it answers, and how much it bears.
import { oneOf, parseFile, parseSwitch, Refusal, settingOf, whole } from './setting.ts'

export interface HttpSettings {
  readonly httpHost: string
  /** 0 lets the system choose. */
  readonly httpPort: number
  /** File with a token on each line; `null` where none is. */
  readonly httpTokenFile: string | null
  /** Tokens, any of which opens the server; none leaves that to the file. */
  readonly httpTokens: readonly string[]
  /** Whether `/health` answers without a token. */
  readonly httpHealth: 'open' | 'closed'
  /** Whether others than this machine may be served without a token. */
  readonly httpWithoutToken: boolean
  /** PEM files; with both of them the server speaks TLS. */
  readonly httpTlsCert: string | null
  readonly httpTlsKey: string | null
  readonly maxBodyBytes: number
  readonly requestsPerMinute: number
  /** Subscriptions of the live stream open at one time. */
  readonly maxSubscribers: number
}

const setting = settingOf<HttpSettings>()

/** A shorter one could be guessed within the rate limit's patience. */
export const MIN_TOKEN_CHARACTERS = 16
/** What a bearer token may be made of (RFC 6750). */
const TOKEN = /^[\w.~+/-]+=*$/

export function isToken(text: string): boolean {
  return text.length >= MIN_TOKEN_CHARACTERS && text.length <= 512 && TOKEN.test(text)
}

function parseHost(text: string): string {
  if (!/^[\w.:-]+$/.test(text)) throw new Refusal('a host name or an IP address')
  return text
}

function parseTokens(text: string): readonly string[] {
  const tokens = text.split(',').map(one => one.trim())
  if (!tokens.every(isToken)) {
    throw new Refusal(
      `tokens of ${MIN_TOKEN_CHARACTERS} to 512 letters, digits and - . _ ~ + /, separated by commas; \`openssl rand -hex 32\` makes one`,
    )
  }
  return tokens
}

export const httpSettings = [
  setting({
    key: 'httpHost',
    env: 'BIRTHLINE_HTTP_HOST',
    flag: 'host',
    description: 'address the server listens on',
    parse: parseHost,
    fallback: () => '127.0.0.1',
  }),
  setting({
    key: 'httpPort',
    env: 'BIRTHLINE_HTTP_PORT',
    flag: 'port',
    description: 'port the server listens on; 0 lets the system choose',
    parse: whole(0, 65_535),
    fallback: () => 8480,
  }),
  setting({
    key: 'httpTokenFile',
    env: 'BIRTHLINE_HTTP_TOKEN_FILE',
    description: 'file of tokens, one a line, each opening the server or the scopes behind it',
    parse: parseFile,
    fallback: () => null,
  }),
  setting({
    key: 'httpTokens',
    env: 'BIRTHLINE_HTTP_TOKENS',
    description: 'tokens as text that open everything, separated by commas',
    isSecret: true,
    parse: parseTokens,
    fallback: () => [],
  }),
  setting({
    key: 'httpHealth',
    env: 'BIRTHLINE_HTTP_HEALTH',
    description: 'whether /health answers without a token',
    parse: oneOf('open', 'closed'),
    fallback: () => 'open',
  }),
  setting({
    key: 'httpWithoutToken',
    env: 'BIRTHLINE_HTTP_WITHOUT_TOKEN',
    description: 'whether others than this machine may be served without a token',
    parse: parseSwitch,
    fallback: () => false,
  }),
  setting({
    key: 'httpTlsCert',
    env: 'BIRTHLINE_HTTP_TLS_CERT',
    description: 'PEM file of the certificate and those above it',
    parse: parseFile,
    fallback: () => null,
  }),
  setting({
    key: 'httpTlsKey',
    env: 'BIRTHLINE_HTTP_TLS_KEY',
    description: 'PEM file of its private key',
    parse: parseFile,
    fallback: () => null,
  }),
  setting({
    key: 'maxBodyBytes',
    env: 'BIRTHLINE_MAX_BODY_BYTES',
    description: 'longest request body, in bytes',
    parse: whole(1, 2 ** 30),
    fallback: () => 65_536,
  }),
  setting({
    key: 'requestsPerMinute',
    env: 'BIRTHLINE_REQUESTS_PER_MINUTE',
    description: 'requests one token, or one address without one, may make in a minute',
    parse: whole(1, 10_000_000),
    fallback: () => 600,
  }),
  setting({
    key: 'maxSubscribers',
    env: 'BIRTHLINE_MAX_SUBSCRIBERS',
    description: 'live subscriptions open at one time',
    parse: whole(1, 100_000),
    fallback: () => 1024,
  }),
]

// A broker with every door that brokers have: TLS, TLS for those with a certificate, logins, and logins over TLS.
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { BrokerListener } from '../../../ops/kafka/brokerSettings.ts'

export const tlsFile = (name: string) => join(import.meta.dirname, '..', '..', 'fixtures', 'tls', name)

export const USER = 'observer'
/** What must be in nothing that anybody reads. */
export const PASSWORD = 'swordfish-7c41'
export const CLIENT_SECRET = 'marlin-90ab:+%/'

const MODULES = 'org.apache.kafka.common.security'

const loginProperties: Readonly<Record<string, string>> = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
  'plain.sasl.jaas.config': `${MODULES}.plain.PlainLoginModule required username="b" password="b" user_${USER}="${PASSWORD}";`,
  'scram-sha-256.sasl.jaas.config': `${MODULES}.scram.ScramLoginModule required;`,
  'scram-sha-512.sasl.jaas.config': `${MODULES}.scram.ScramLoginModule required;`,
  'oauthbearer.sasl.jaas.config': `${MODULES}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="b";`,
  // Every four seconds a client must log in again, as real brokers ask once in a while.
  'connections.max.reauth.ms': '4000',
}

/** @param folder for the broker's copy of the key */
export function brokerDoors(folder: string): readonly BrokerListener[] {
  const keystore = join(folder, 'broker.pem')
  const read = (name: string) => readFileSync(tlsFile(name), 'utf8')
  writeFileSync(keystore, `${read('server.key')}${read('server.crt')}`)
  const tls = { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': keystore }
  const trust = { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': tlsFile('server.crt') }
  return [
    { name: 'TLS', protocol: 'SSL', properties: tls },
    { name: 'MUTUAL', protocol: 'SSL', properties: { ...tls, ...trust, 'ssl.client.auth': 'required' } },
    { name: 'LOGIN', protocol: 'SASL_PLAINTEXT', properties: loginProperties },
    { name: 'BOTH', protocol: 'SASL_SSL', properties: { ...tls, ...loginProperties } },
  ]
}

/** An unsecured JWT, which Kafka takes where nothing else was set up. */
export function makeToken(lifetimeS: number): string {
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url')
  const nowS = Math.floor(Date.now() / 1000)
  return `${part({ alg: 'none' })}.${part({ sub: USER, iat: nowS - 60, exp: nowS + lifetimeS })}.`
}

export interface TokenEndpoint {
  readonly url: string
  /** Tokens given so far. */
  readonly given: readonly string[]
  close(): void
}

/** Longer than the margin before its end: the last fifth of it is not used. */
const LIFETIME_S = 15

/** Gives tokens of fifteen seconds to whoever knows the secret. */
export async function openTokenEndpoint(): Promise<TokenEndpoint> {
  const given: string[] = []
  const form = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)
  const expected = `Basic ${Buffer.from(`${USER}:${form(CLIENT_SECRET)}`).toString('base64')}`
  const server = createServer((request, reply) => {
    request.resume().on('end', () => {
      const isKnown = request.headers.authorization === expected
      const token = makeToken(LIFETIME_S)
      if (isKnown) given.push(token)
      const answer = isKnown
        ? { access_token: token, token_type: 'bearer', expires_in: LIFETIME_S }
        : { error: 'invalid_client', error_description: `not ${request.headers.authorization}` }
      reply.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/token`, given, close: () => server.close() }
}

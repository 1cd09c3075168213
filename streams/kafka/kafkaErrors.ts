// What a broker or the way to it reports, as our codes.
import { FusionError, isFusionError } from '../../schemas/index.ts'

/** Kafka's own error numbers that this room decides by; the protocol never changes them. */
export const brokerCodes = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopic: 3,
  coordinatorLoading: 14,
  coordinatorAway: 15,
  notCoordinator: 16,
  illegalGeneration: 22,
  unknownMember: 25,
  rebalancing: 27,
  topicExists: 36,
  duplicateSequence: 46,
  invalidEpoch: 47,
  invalidTransactionState: 48,
  concurrentTransactions: 51,
  fencedLeader: 74,
  unknownLeader: 75,
  offsetNotAvailable: 78,
  unstableOffset: 88,
  producerFenced: 90,
} as const

/** Errors that pass by themselves: a leader moves, a coordinator loads, a transaction before this one ends. */
const passing: ReadonlySet<number> = new Set([
  ...[2, 3, 5, 6, 7, 8, 9, 13, 19, 20, 56, 72, 100],
  ...[brokerCodes.fencedLeader, brokerCodes.unknownLeader, brokerCodes.offsetNotAvailable],
  ...[brokerCodes.coordinatorLoading, brokerCodes.coordinatorAway, brokerCodes.notCoordinator],
  ...[brokerCodes.concurrentTransactions, brokerCodes.unstableOffset],
])

/** The group has gone on without this member. */
export const movedCodes: ReadonlySet<number> = new Set([
  brokerCodes.illegalGeneration,
  brokerCodes.unknownMember,
  brokerCodes.rebalancing,
])

const refusedLogin: ReadonlySet<number> = new Set([29, 30, 31, 33, 34, 53, 58])

/** An error number in an answer that this room reads itself. */
export class BrokerError extends Error {
  readonly code: number

  constructor(code: number, what: string) {
    super(`${what} was answered with Kafka's error ${code}`)
    this.name = 'BrokerError'
    this.code = code
  }
}

/** Kafka's number of an error, or null where it came from elsewhere, such as the network. */
export function brokerCodeOf(error: unknown): number | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && typeof error.code === 'number') return error.code
  for (const inner of [error.cause, 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined]) {
    if (inner instanceof Error && inner !== error) return brokerCodeOf(inner)
  }
  return null
}

/** The first in the chain of causes that `pick` finds something in. */
function inChain<T>(error: unknown, pick: (error: Error) => T | null): T | null {
  let found = error
  for (let depth = 0; depth < 8 && found instanceof Error; depth++) {
    const picked = pick(found)
    if (picked !== null) return picked
    found = found.cause ?? ('errors' in found && Array.isArray(found.errors) ? found.errors[0] : undefined)
  }
  return null
}

/** What is wrong with TLS and what to do, where that is known and does not pass by itself. */
function tlsFault(error: unknown): string | null {
  const code = inChain(error, one => ('code' in one && typeof one.code === 'string' ? one.code : null))
  if (code === null) return null
  if (code === 'CERT_HAS_EXPIRED') return 'their certificate has run out; renew it'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'their certificate is of another host; name the brokers as their certificate does'
  }
  if (/SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY)|CERT_(?:SIGNATURE|UNTRUSTED|REJECTED)/.test(code)) {
    return 'their certificate is signed by nobody who is trusted here; name the file of its authority as kafkaCa'
  }
  if (/WRONG_VERSION|PACKET_LENGTH|HTTP_REQUEST/.test(code)) {
    return 'they do not speak TLS there; name their TLS port, or turn kafkaTls off'
  }
  if (/^ERR_SSL_.*ALERT/.test(code)) {
    return 'they do not accept the certificate of this side; check kafkaCert and kafkaKey, which are needed where brokers ask for one'
  }
  return null
}

/** The connection was closed from the other end, without a word. */
export function isClosedConnection(error: unknown): boolean {
  return inChain(error, one => (one.name === 'KafkaJSConnectionClosedError' ? true : null)) ?? false
}

/** Whether the same request may succeed in a moment. */
export function isPassing(error: unknown): boolean {
  if (ownError(error) !== null || tlsFault(error) !== null) return false
  if (error instanceof RangeError || error instanceof TypeError) return false
  const code = brokerCodeOf(error)
  if (code !== null) return passing.has(code)
  return error instanceof Error && error.name.startsWith('KafkaJS') && !isLogin(error)
}

/** Ours, however kafkajs has wrapped it. */
function ownError(error: unknown): Error | null {
  return inChain(error, one => (isFusionError(one) ? one : null))
}

/** Brokers that were spoken to without TLS and turn out to ask for it. */
export function tlsWanted(address: string): FusionError {
  return new FusionError(
    'CONFIG_INVALID',
    `The broker at ${address} speaks TLS, and kafkaTls is off: turn it on, or name a port without TLS.`,
    { detail: { brokers: address } },
  )
}

/** Ours stays ours; what is left is LOG_FENCED, LOG_REASSIGNED, CONFIG_INVALID, RECORD_TOO_LARGE or LOG_UNAVAILABLE. */
export function asLogError(cause: unknown, brokers: readonly string[]): unknown {
  const own = ownError(cause)
  if (own !== null) return own
  if (cause instanceof RangeError || cause instanceof TypeError) return cause
  const where = brokers.join(', ')
  const reason = cause instanceof Error ? cause.message : String(cause)
  const detail = { brokers: where }
  const code = brokerCodeOf(cause)
  if (code === brokerCodes.invalidEpoch || code === brokerCodes.producerFenced) {
    return new FusionError(
      'LOG_FENCED',
      `Another process writes to ${where} under this one's transactional id and has taken over; ` +
        'nothing of this transaction was written. Stop one of the two, or give each an id of its own.',
      { cause, detail },
    )
  }
  if (code !== null && movedCodes.has(code)) return reassigned(where, cause)
  const fault = tlsFault(cause)
  if (fault !== null) {
    return new FusionError('CONFIG_INVALID', `The Kafka brokers at ${where} cannot be used over TLS: ${fault}.`, {
      cause,
      detail,
    })
  }
  if (isLogin(cause) || (code !== null && refusedLogin.has(code))) {
    return new FusionError(
      'CONFIG_INVALID',
      `The brokers at ${where} refused: ${reason}; check the user, the password and what it may do.`,
      { cause, detail },
    )
  }
  if (code === 10 || code === 18) {
    return new FusionError(
      'RECORD_TOO_LARGE',
      `The brokers at ${where} take no record this large: ${reason}; raise max.message.bytes of the topic.`,
      { cause, detail },
    )
  }
  return new FusionError(
    'LOG_UNAVAILABLE',
    `The Kafka brokers at ${where} cannot be used: ${reason}. ${remedyOf(cause, reason)}`,
    { cause, detail },
  )
}

function remedyOf(cause: unknown, reason: string): string {
  if (reason.includes('before secure TLS')) {
    return 'Check that they run, and speak TLS on that port; where they do not, turn kafkaTls off.'
  }
  if (isClosedConnection(cause)) {
    return 'Check that they run, and whether they ask for a login, which kafkaLogin or kafkaLoginFile gives.'
  }
  return 'Check that they run and can be reached, then try again.'
}

/** What a reader and its commits say once a partition has gone to another reader of the group. */
export function reassigned(where: string, cause?: unknown): FusionError {
  return new FusionError(
    'LOG_REASSIGNED',
    `Partitions that this reader had begun (${where}) went to another reader of its group, and what it was about to ` +
      'commit was not written; close it and open it again to go on with the partitions it has now.',
    { cause, detail: { where } },
  )
}

function isLogin(error: unknown): boolean {
  return error instanceof Error && error.name.includes('SASL')
}

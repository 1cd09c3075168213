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
  unstableOffset: 88,
  producerFenced: 90,
} as const

/** Errors that pass by themselves: a leader moves, a coordinator loads, a transaction before this one ends. */
const passing: ReadonlySet<number> = new Set([
  ...[2, 3, 5, 6, 7, 8, 9, 13, 19, 20, 56, 72, 74, 76, 100],
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

/** Whether the same request may succeed in a moment. */
export function isPassing(error: unknown): boolean {
  if (isFusionError(error) || error instanceof RangeError || error instanceof TypeError) return false
  const code = brokerCodeOf(error)
  if (code !== null) return passing.has(code)
  return error instanceof Error && error.name.startsWith('KafkaJS') && !isLogin(error)
}

/** Ours stays ours; what is left is LOG_FENCED, LOG_REASSIGNED, CONFIG_INVALID, RECORD_TOO_LARGE or LOG_UNAVAILABLE. */
export function asLogError(cause: unknown, brokers: readonly string[]): unknown {
  if (isFusionError(cause) || cause instanceof RangeError || cause instanceof TypeError) return cause
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
    `The Kafka brokers at ${where} cannot be used: ${reason}. Check that they run and can be reached, then try again.`,
    { cause, detail },
  )
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

// The closed list of ways the world can be broken, shared by every room.

/** Code -> whether trying again later, unchanged, may succeed. */
const codes = {
  CONFIG_INVALID: { retryable: false },
  SURVEY_UNKNOWN: { retryable: false },
  SCHEMA_UNKNOWN: { retryable: false },
  SCHEMA_MISMATCH: { retryable: false },
  VALUE_OUT_OF_RANGE: { retryable: false },
  SOURCE_CONFLICT: { retryable: false },
  FILE_UNREADABLE: { retryable: false },
  FILE_UNWRITABLE: { retryable: false },
  RECORD_TOO_LARGE: { retryable: false },
  QUESTION_INVALID: { retryable: false },
  FILTER_INVALID: { retryable: false },
  LOG_UNAVAILABLE: { retryable: true },
  LOG_IN_USE: { retryable: false },
  LOG_TOO_NEW: { retryable: false },
  LOG_DAMAGED: { retryable: false },
  LOG_FULL: { retryable: false },
  LOG_FENCED: { retryable: false },
  LOG_OFFSET_LOST: { retryable: false },
  LOG_REASSIGNED: { retryable: true },
  WORKER_LOST: { retryable: true },
  MODEL_MISSING: { retryable: false },
  MODEL_MISMATCH: { retryable: false },
  MODEL_UNCALIBRATED: { retryable: false },
} as const

export type ErrorCode = keyof typeof codes

export const errorCodes = Object.keys(codes) as readonly ErrorCode[]

export function isRetryable(code: ErrorCode): boolean {
  return codes[code].retryable
}

/**
 * Something outside our own code is wrong. The message says what, where, and the next thing to try;
 * `detail` is plain data that survives a thread boundary.
 */
export class FusionError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly detail: Readonly<Record<string, string | number>>

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly detail?: Readonly<Record<string, string | number>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'FusionError'
    this.code = code
    this.retryable = isRetryable(code)
    this.detail = options.detail ?? {}
  }
}

export function isFusionError(error: unknown): error is FusionError {
  return error instanceof FusionError
}

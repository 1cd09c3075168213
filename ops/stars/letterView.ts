// What is shown of a dead letter, as plain JSON: all but the bytes, of which the size is told.
import type { KeptLetter } from '../../actors/index.ts'
import { toJson } from '../../schemas/index.ts'

export function letterView({ letter, state }: KeptLetter): Readonly<Record<string, unknown>> {
  const { bytes, isRedriven: _, outcome: __, ...rest } = letter
  return { ...(toJson(rest) as Record<string, unknown>), state, sizeBytes: bytes.length }
}

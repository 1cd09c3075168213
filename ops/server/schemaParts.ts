// Parts that the descriptions of routes are made of.
import type { JsonSchema } from './recordJsonSchema.ts'

export const text = (description: string): JsonSchema => ({ type: 'string', description })
export const number = (description: string): JsonSchema => ({ type: 'number', description })
export const texts = (description: string): JsonSchema => ({ type: 'array', items: { type: 'string' }, description })

/** An object that always has all of these. */
export const whole = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
})

// What a subscription is called in its topic and in addresses: given once and never again.
import { randomBytes } from 'node:crypto'

const ID_BYTES = 6

/** @returns hexadecimal digits, by chance: nobody can guess another's */
export function newSubscriptionId(): string {
  return randomBytes(ID_BYTES).toString('hex')
}

// A name for what lies in a folder of a machine, so that no two anywhere have one.
import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { hostname } from 'node:os'

const DIGITS = 8

/** @param folder one that exists */
export function placeName(folder: string): string {
  const digest = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, DIGITS)
  return `${hostname().replace(/[^\w.-]/g, '-')}-${digest}`
}

// The licences of what ships with the product, as the packages themselves say them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LockFile, nameOf, productionPackages } from './lockAudit.ts'

/** Those that may go with an Apache-2.0 project without more than a notice. */
const allowed: ReadonlySet<string> = new Set([
  ...['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Unlicense', 'CC0-1.0', 'BlueOak-1.0.0'],
])

/** `A OR B` needs one of them, `A AND B` both. */
export function isAllowed(licence: string): boolean {
  const text = licence.trim().replace(/^\((.*)\)$/, '$1')
  if (/[()]/.test(text)) return false
  return text.split(' OR ').some(choice => choice.split(' AND ').every(one => allowed.has(one.trim())))
}

/**
 * @param root the folder that node_modules lies in; of a package for other machines, which is not there, the lock file's
 * word is taken
 */
export function licenceFaults(lock: LockFile, root: string): readonly string[] {
  return productionPackages(lock).flatMap(([path, entry]) => {
    const said = installedLicence(join(root, path, 'package.json')) ?? entry.license ?? ''
    if (said === '') return [`${nameOf(path)} names no licence`]
    return isAllowed(said) ? [] : [`${nameOf(path)} is under ${said}`]
  })
}

/** `null` where the package is not installed. */
function installedLicence(file: string): string | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return null
  }
  const { license } = JSON.parse(text) as { readonly license?: string | { readonly type?: string } }
  return typeof license === 'object' ? (license.type ?? '') : (license ?? '')
}

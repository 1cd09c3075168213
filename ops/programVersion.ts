// Which birthline this is.
import { readFileSync } from 'node:fs'
import { packageFile } from '../schemas/index.ts'

/** As `package.json` has it. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }
  return version
}

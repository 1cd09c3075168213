// Names the vocabulary in a posterior: two posteriors with one fingerprint read their inputs by the same rules.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { packageFile } from './packageRoot.ts'
import { quantities, starClasses } from './quantities.ts'
import { recordSchemas } from './recordSchemas.ts'
import { surveyNames } from './surveys.ts'

/** Hash of texts in order, 16 hexadecimal digits; where one text ends and the next begins counts too. */
export function fingerprintOf(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:`).update(text)
  return hash.digest('hex').slice(0, 16)
}

let known: string | null = null

/** Fingerprint of record schemas, quantities, classes and survey files together. */
export function schemasFingerprint(): string {
  known ??= fingerprintOf([
    JSON.stringify(recordSchemas),
    JSON.stringify(quantities),
    JSON.stringify(starClasses),
    ...surveyNames().map(name => readFileSync(packageFile('schemas', 'surveys', `${name}.json`), 'utf8')),
  ])
  return known
}

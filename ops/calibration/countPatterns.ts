// Writes demoPatterns.json from the demo's log, so that calibration looks at the gaps that real stars have.
// Run: birthline run --demo, then: node dist/ops/calibration/countPatterns.js birthline-data
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { modelObservables } from '../../models/index.ts'
import { packageFile } from '../../schemas/index.ts'
import { openLog } from '../../streams/index.ts'
import { readCatalogue } from '../stars/catalogueWriter.ts'
import { commonestPatterns, completePattern } from './missingPatterns.ts'

/** Beside complete data; the demo's log has eighteen. */
const PATTERNS = 20

const folder = resolve(process.argv[2] ?? 'birthline-data')
const log = await openLog({ kind: 'embedded', folder: join(folder, 'log'), readOnly: true })
try {
  const stars: string[][] = []
  for await (const { posterior } of readCatalogue(log)) {
    stars.push(modelObservables.filter(name => posterior.observables.includes(name)))
  }
  const all = commonestPatterns(stars, stars.length)
  const missing = all.filter(({ name }) => name !== completePattern.name).slice(0, PATTERNS)
  const patterns = [...all.filter(({ name }) => name === completePattern.name), ...missing].map(
    ({ name, given, share }) => ({
      name,
      share: Number((share ?? 0).toFixed(4)),
      given,
    }),
  )
  const text = JSON.stringify({ starCount: stars.length, patterns }, null, 2)
  await writeFile(packageFile('ops', 'calibration', 'demoPatterns.json'), `${text}\n`)
} finally {
  await log.close()
}

// `npm run audit`: whether the packages that ship with the product can be answered for. Exit code 1 says that some cannot.
import { readFileSync } from 'node:fs'
import { packageFile, packageRoot } from '../../schemas/index.ts'
import { licenceFaults } from './licenceAudit.ts'
import {
  deprecationFaults,
  duplicateFaults,
  type LockFile,
  type Manifest,
  pinFaults,
  scriptFaults,
} from './lockAudit.ts'
import { askRegistry } from './vulnerabilities.ts'

/** They look for a binary to download or print thanks; with the binaries that their packages ship they work without. */
const scriptsNotMissed = ['core-js', 'lmdb', 'protobufjs', 'onnxruntime-node']

/** Each wanted by a package of ours in the version it was written for. */
const knownDuplicates = [
  ...['@types/node', 'undici-types', 'fast-uri', 'commander', 'entities'],
  ...['dom-serializer', 'domelementtype', 'domhandler', 'domutils'],
]

const lock = JSON.parse(readFileSync(packageFile('package-lock.json'), 'utf8')) as LockFile
const manifest = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as Manifest
const npmrc = readFileSync(packageFile('.npmrc'), 'utf8')

const checks: readonly (readonly [what: string, faults: readonly string[]])[] = [
  ['every version is exact and every package has its checksum', pinFaults(manifest, lock)],
  ['no install script is run or missed', scriptFaults(lock, npmrc, scriptsNotMissed)],
  ['every licence is one that may go with ours', licenceFaults(lock, packageRoot)],
  ['nothing is deprecated', deprecationFaults(lock)],
  ['nothing is there in two major versions but what is known to be', duplicateFaults(lock, knownDuplicates)],
]

let isWell = true
for (const [what, faults] of checks) tell(what, faults)
const answer = askRegistry(packageRoot)
if (answer.kind === 'answered') {
  const counts = Object.entries(answer.counts).map(([severity, count]) => `${count} ${severity}`)
  tell(`no vulnerability is high or critical (${counts.join(', ')})`, answer.grave)
} else {
  console.log(
    `  --  vulnerabilities: the registry was asked and does not tell (${answer.reason}); what stands above was checked without it`,
  )
}
process.exitCode = isWell ? 0 : 1

function tell(what: string, faults: readonly string[]): void {
  console.log(`${faults.length === 0 ? '  ok' : ' FIX'}  ${what}`)
  for (const fault of faults) console.log(`      ${fault}`)
  if (faults.length > 0) isWell = false
}

// The set-up that `npm start` and `npm test` share: install what the lock file names, compile to dist/, bundle the page.
// Plain JavaScript on Node alone, because nothing else exists yet when it runs; a second run costs a moment.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const rooms = ['schemas', 'streams', 'models', 'actors', 'ops']

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 20)) {
  fail(`Node ${process.versions.node} is too old: birthline needs Node 20.20 or newer. Install it and try again.`)
}

const lockHash = hashOf([join(root, 'package-lock.json')])
const installedStamp = join(root, 'node_modules', '.birthline-installed')
if (readStamp(installedStamp) !== lockHash) {
  console.error('birthline: installing packages (once, about a minute) ...')
  run('npm', ['ci', '--no-audit', '--no-fund'], 'Installing packages failed: check the network and the lines above.')
  writeFileSync(installedStamp, lockHash)
}

const sources = rooms
  .flatMap(room => filesUnder(join(root, room)))
  .filter(file => file.endsWith('.ts') || file.endsWith('.json'))
const sourceHash = hashOf([...sources, join(root, 'tsconfig.json')])
const compiledStamp = join(root, 'dist', '.compiled')
if (readStamp(compiledStamp) !== sourceHash) {
  console.error('birthline: compiling ...')
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  run(process.execPath, [compiler, '-p', join(root, 'tsconfig.json')], 'Compiling failed: see the lines above.')
  mkdirSync(dirname(compiledStamp), { recursive: true })
  writeFileSync(compiledStamp, sourceHash)
}

// The page has a stamp of its own: who works on it need not compile the rest.
const page = join(root, 'ops', 'page')
const pageHash = hashOf([
  ...filesUnder(page),
  join(root, 'ops', 'figures', 'density.ts'),
  join(root, 'ops', 'client', 'eventText.ts'),
  join(root, 'ops', 'client', 'apiTypes.ts'),
  join(root, 'package-lock.json'),
])
const pageStamp = join(root, 'dist', '.page')
if (readStamp(pageStamp) !== pageHash) {
  console.error('birthline: building the page ...')
  for (const [tool, ...args] of [
    [join('typescript', 'bin', 'tsc'), '-p', page],
    [join('vite', 'bin', 'vite.js'), 'build', page, '--logLevel', 'warn'],
  ]) {
    run(process.execPath, [join(root, 'node_modules', tool), ...args], 'Building the page failed: see the lines above.')
  }
  writeFileSync(pageStamp, pageHash)
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap(entry => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort()
}

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

function readStamp(file) {
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined
}

function run(command, args, sentence) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  })
  if (result.status !== 0) fail(sentence)
}

function fail(sentence) {
  console.error(`birthline: ${sentence}`)
  process.exit(1)
}

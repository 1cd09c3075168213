// Shards of simulated stars: whole or not there, whoever is killed, and the same bytes whoever makes them.
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPilotSimulator } from '../../../models/index.ts'
import { readManifest } from '../../../ops/simulation/simulationJournal.ts'
import { openTable, type Row } from '../../../streams/index.ts'
import { startCommand } from '../commandProcess.ts'
import { runInProcess } from '../commandRun.ts'

let folder = ''
const STARS = 2000
const simulate = (out: string, ...more: string[]) => [
  ...['simulate', 'pilot', '--stars', String(STARS), '--shard-stars', '100', '--seed', '5', '--out', out],
  ...more,
]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-shards-'))
  expect(await runInProcess(folder, simulate('whole', '--workers', '1'))).toMatchObject({ code: 0, error: null })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function contentsOf(out: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(join(folder, out))).sort()
  const pairs = names.map(async name => [name, (await readFile(join(folder, out, name))).toString('base64')] as const)
  return new Map(await Promise.all(pairs))
}

async function expectWhole(out: string): Promise<void> {
  const [made, whole] = [await contentsOf(out), await contentsOf('whole')]
  expect([...made.keys()]).toEqual([...whole.keys()])
  for (const [name, bytes] of whole) expect(made.get(name) === bytes, name).toBe(true)
}

async function shardCount(out: string): Promise<number> {
  const names = await readdir(join(folder, out)).catch(() => [])
  return names.filter(name => name.endsWith('.parquet')).length
}

test('three threads write the same bytes as one', async () => {
  expect((await runInProcess(folder, simulate('three', '--workers', '3'))).code).toBe(0)
  await expectWhole('three')
})

/** Those in the journal: one that only has its name is made again. */
async function keptCount(out: string): Promise<number> {
  const lines = await readFile(join(folder, out, 'unfinished.jsonl'), 'utf8').catch(() => '')
  return lines.split('\n').length - 2
}

/** Runs it until a few shards are kept, and sends the signal; again where it was through before the signal came. */
async function interrupt(out: string, signal: 'SIGKILL' | 'SIGINT') {
  for (let attempt = 0; attempt < 5; attempt++) {
    await rm(join(folder, out), { recursive: true, force: true })
    const running = startCommand(folder, simulate(out, '--workers', '2'))
    while ((await keptCount(out)) < 2 && running.process.exitCode === null) {
      await new Promise(resolve => setTimeout(resolve, 2))
    }
    running.process.kill(signal)
    const finished = await running.finished
    if (!(await readdir(join(folder, out))).includes('manifest.json')) return finished
  }
  throw new Error('it was through each time before the signal came')
}

test('a run that is killed goes on without a gap or a double, and ends in the same bytes', async () => {
  expect((await interrupt('killed', 'SIGKILL')).code).toBe(null)
  const made = await shardCount('killed')
  const resumed = await runInProcess(folder, simulate('killed', '--workers', '2', '--json'))
  expect(resumed.code).toBe(0)
  const { keptStars } = JSON.parse(resumed.lines[0])
  // Of those with a name, at most one for each thread had not reached the journal.
  expect(keptStars).toBeGreaterThanOrEqual(100 * (made - 2))
  expect(keptStars).toBeLessThanOrEqual(100 * made)
  await expectWhole('killed')
})

test('Ctrl-C ends with 130, leaves no half of a shard, and the same command goes on', async () => {
  const { code, stderr } = await interrupt('stopped', 'SIGINT')
  expect([code, stderr]).toEqual([130, expect.stringContaining('stopping cleanly')])
  expect((await readdir(join(folder, 'stopped'))).filter(name => name.endsWith('.part'))).toEqual([])
  const resumed = await runInProcess(folder, simulate('stopped'))
  expect(resumed.notes.join()).toMatch(/\d+ stars in .*stopped are as they were written, and are kept/)
  await expectWhole('stopped')
})

test('a shard that was changed, cut or removed since is made anew, and no other', async () => {
  expect((await runInProcess(folder, simulate('mended'))).code).toBe(0)
  const [first, second, third] = ['stars-00000.parquet', 'stars-00007.parquet', 'stars-00019.parquet']
  await appendFile(join(folder, 'mended', first), 'x')
  await writeFile(join(folder, 'mended', second), '')
  await rm(join(folder, 'mended', third))
  const untouched = await stat(join(folder, 'mended', 'stars-00001.parquet'))
  const mended = await runInProcess(folder, simulate('mended', '--json'))
  expect(JSON.parse(mended.lines[0]).keptStars).toBe(STARS - 300)
  expect((await stat(join(folder, 'mended', 'stars-00001.parquet'))).mtimeMs).toBe(untouched.mtimeMs)
  await expectWhole('mended')
})

test('shards hold each star once, with units, gaps and facts, and the manifest lists them', async () => {
  const manifest = await readManifest(join(folder, 'whole'))
  expect(manifest).toMatchObject({ recipeName: 'pilot', seed: 5, starCount: STARS, shardStars: 100 })
  const rows: Row[] = []
  for (const { file } of manifest?.shards ?? []) {
    const table = await openTable(join(folder, 'whole', file))
    expect(table.columns.map(({ name, unit }) => [name, unit])).toEqual(
      manifest?.columns.map(({ name, unit }) => [name, unit]),
    )
    for await (const batch of table.batches()) rows.push(...batch.rows)
    await table.close()
  }
  expect(rows.map(row => row.star)).toEqual(Array.from({ length: STARS }, (_, i) => `sim-${i}`))
  const simulator = createPilotSimulator({ missing: 'mixed' })
  const drawn = simulator.draw({ seed: 5, first: 0, count: STARS })
  for (const name of simulator.observables) {
    const presence = drawn.presence.get(name) ?? []
    const expected = Array.from(drawn.observables.get(name) ?? [], (value, i) => (presence[i] === 1 ? value : null))
    expect(rows.map(row => row[name])).toEqual(expected)
    expect(rows.map(row => row[`truth_${name}`])).toEqual([...(drawn.truths.get(name) ?? [])])
  }
  expect(rows.map(row => row.truth_class)).toEqual(Array.from(drawn.classIndex, index => simulator.classes[index]))
  expect(manifest?.columns).toContainEqual(expect.objectContaining({ name: 'gMag_err', unit: 'mag', type: 'float' }))
  const bytes = await readFile(join(folder, 'whole', 'stars-00003.parquet'), 'latin1')
  for (const fact of ['recipe_sha256', String(manifest?.recipeSha256), 'first_star', 'mag', 'dex(yr)']) {
    expect(bytes.includes(fact), fact).toBe(true)
  }
})

const RECIPE = `name: mine
components: [{ kind: cluster, ageMyr: 100, distancePc: { log: [300, 1500] } }]
surveys: [gaiaDr3, allWise]
`

test('limits have columns of their own, which a recipe may leave out, and the same bytes on any number of threads', async () => {
  await writeFile(join(folder, 'mine.yaml'), RECIPE)
  await writeFile(join(folder, 'bare.yaml'), `${RECIPE}limits: false\n`)
  const draw = async (recipe: string, out: string, workers: number) => {
    const args = ['simulate', `${recipe}.yaml`, '--stars', '300', '--shard-stars', '100', '--out', out]
    expect(await runInProcess(folder, [...args, '--workers', String(workers)])).toMatchObject({ code: 0, error: null })
  }
  await draw('mine', 'limits', 1)
  await draw('mine', 'limits3', 3)
  await draw('bare', 'bare', 1)
  expect(await contentsOf('limits3')).toEqual(await contentsOf('limits'))
  const [manifest, bare] = [await readManifest(join(folder, 'limits')), await readManifest(join(folder, 'bare'))]
  const limits = ['w1Mag_limit', 'w2Mag_limit', 'w3Mag_limit', 'w4Mag_limit']
  const names = manifest?.columns.map(({ name }) => name) ?? []
  expect(names.filter(name => name.endsWith('_limit'))).toEqual(limits)
  expect(bare?.columns.map(({ name }) => name)).toEqual(names.filter(name => !limits.includes(name)))
  expect(manifest?.columns.find(({ name }) => name === 'w4Mag_limit')).toMatchObject({
    unit: 'mag',
    description: expect.stringContaining('fainter than this'),
  })
  const table = await openTable(join(folder, 'limits', 'stars-00000.parquet'))
  const rows: Row[] = []
  for await (const batch of table.batches()) rows.push(...batch.rows)
  await table.close()
  const given = rows.filter(row => row.w4Mag_limit !== null)
  expect(given.length).toBeGreaterThan(40)
  expect(given.every(row => row.w4Mag === null && row.w4Mag_err === null)).toBe(true)
})

test('spectra are lists of 55 or missing as a whole, with units, and the same bytes on any number of threads', async () => {
  const recipe = RECIPE.replace('[300, 1500]', '[300, 3000]').replace('allWise', 'gaiaXp')
  await writeFile(join(folder, 'spectra.yaml'), recipe)
  for (const [out, workers] of [
    ['spectra', '1'],
    ['spectra3', '3'],
  ]) {
    const args = ['simulate', 'spectra.yaml', '--stars', '300', '--shard-stars', '100', '--out', out]
    expect(await runInProcess(folder, [...args, '--workers', workers])).toMatchObject({ code: 0, error: null })
  }
  expect(await contentsOf('spectra3')).toEqual(await contentsOf('spectra'))
  const manifest = await readManifest(join(folder, 'spectra'))
  const lists = manifest?.columns.filter(({ arraySize }) => arraySize !== null) ?? []
  const names = ['Coefficients', 'CoefficientErrors'].flatMap(end => [`bp${end}`, `rp${end}`])
  expect(lists.map(({ name }) => name).sort()).toEqual(
    [...names, 'truth_bpCoefficients', 'truth_rpCoefficients'].sort(),
  )
  expect(lists.every(({ unit, arraySize }) => unit === 'electron/s' && arraySize === 55)).toBe(true)
  const table = await openTable(join(folder, 'spectra', 'stars-00001.parquet'))
  expect(table.columns.map(({ name, unit, arraySize }) => [name, unit, arraySize])).toEqual(
    manifest?.columns.map(({ name, unit, arraySize }) => [name, unit, arraySize]),
  )
  const rows: Row[] = []
  for await (const batch of table.batches()) rows.push(...batch.rows)
  await table.close()
  const given = rows.filter(row => row.bpCoefficients !== null)
  expect(given.length).toBeGreaterThan(10)
  expect(given.length).toBeLessThan(100)
  for (const { name } of lists) {
    expect(rows.filter(row => row[name] !== null)).toEqual(given)
    expect(given.every(row => (row[name] as readonly number[]).length === 55)).toBe(true)
  }
})

for (const [what, prepare, args, code, sentence] of [
  [
    'another seed',
    null,
    simulate('whole', '--seed', '6'),
    2,
    /holds another simulation: the seed there is 5, and 6 is/,
  ],
  [
    'other stars',
    null,
    simulate('whole', '--stars', '99'),
    2,
    /the number of stars there is 2000, and 99 is asked for/,
  ],
  ['other shards', null, simulate('whole', '--shard-stars', '50'), 2, /the number of stars in a shard there is 100/],
  ['no stars', null, simulate('x', '--stars', '0'), 2, /--stars is "0": it must be a whole number from 1/],
  ['vast shards', null, simulate('x', '--shard-stars', '1e9'), 2, /--shard-stars is "1e9": it must be a whole number/],
  ['no place', null, ['simulate', 'pilot'], 2, /simulate needs --out/],
  [
    'limits that are neither',
    () => writeFile(join(folder, 'odd.yaml'), `${RECIPE}limits: some\n`),
    ['simulate', 'odd.yaml', '--out', 'x'],
    2,
    /odd\.yaml, line 4: 'limits' is "some"; write true or false/,
  ],
  ['no recipe', null, ['simulate', 'none.yaml', '--out', 'x'], 2, /There is no recipe .*none\.yaml/],
  [
    'a file for a folder',
    () => writeFile(join(folder, 'file'), ''),
    simulate('file'),
    1,
    /file is a file; name a folder/,
  ],
  [
    'a seed that a double does not hold',
    null,
    ['simulate', 'pilot', '--seed', '9007199254740993', '--out', 'x'],
    2,
    /The seed is 9007199254740993: of simulated stars it must be a whole number from 0 to 9007199254740991\./,
  ],
  ['a file above', () => writeFile(join(folder, 'file'), ''), simulate('file/x'), 1, /part of its path is a file/],
  [
    'shards of nothing known',
    async () => {
      await mkdir(join(folder, 'foreign'))
      await writeFile(join(folder, 'foreign', 'stars-00000.parquet'), 'x')
    },
    simulate('foreign'),
    2,
    /foreign holds stars-00000\.parquet of a simulation that nothing is known of; name another folder/,
  ],
  [
    'a manifest that is none',
    async () => {
      await mkdir(join(folder, 'odd'))
      await writeFile(join(folder, 'odd', 'manifest.json'), '{')
    },
    simulate('odd'),
    1,
    /manifest\.json is no manifest of a simulation; remove it or name another folder/,
  ],
] as const) {
  test(`${what} is refused in one sentence`, async () => {
    await prepare?.()
    const outcome = await runInProcess(folder, args)
    expect([outcome.code, outcome.lines, outcome.error?.message]).toEqual([code, [], expect.stringMatching(sentence)])
    expect(outcome.error?.message).not.toContain('\n')
  })
}

test('a shard that cannot be written is one sentence, and what was made is kept', async () => {
  await mkdir(join(folder, 'blocked', 'stars-00003.parquet.part'), { recursive: true })
  const outcome = await runInProcess(folder, simulate('blocked'))
  expect(outcome).toMatchObject({ code: 1, error: { code: 'FILE_UNWRITABLE' } })
  expect(outcome.error?.message).toMatch(/stars-00003\.parquet cannot be written, a directory has its name/)
  await rm(join(folder, 'blocked', 'stars-00003.parquet.part'), { recursive: true, force: true })
  const resumed = await runInProcess(folder, simulate('blocked', '--json'))
  expect(JSON.parse(resumed.lines[0]).keptStars).toBe(300)
  await expectWhole('blocked')
})

test('stars, young objects and contaminants: three threads write the same bytes as one, nulls and all', async () => {
  const recipe = join(folder, 'all.yaml')
  const kinds = [
    '{ kind: youngField, share: 0.4 }',
    '{ kind: ysoSets, share: 0.3 }',
    '{ kind: contaminants, share: 0.3 }',
  ]
  const surveys = 'surveys: [gaiaDr3, twoMass, allWise, irac, mips24, panStarrs, sdss]'
  await writeFile(recipe, `name: all\n${surveys}\ncomponents:\n${kinds.map(kind => `  - ${kind}\n`).join('')}`)
  const run = (out: string, workers: number) =>
    runInProcess(folder, [
      ...['simulate', 'all.yaml', '--stars', '240', '--shard-stars', '60', '--out', out, '--workers', String(workers)],
    ])
  expect(await run('one', 1)).toMatchObject({ code: 0, error: null })
  expect(await run('many', 3)).toMatchObject({ code: 0, error: null })
  const [one, many] = [await contentsOf('one'), await contentsOf('many')]
  expect([...many.keys()]).toEqual([...one.keys()])
  for (const [name, bytes] of one) expect(many.get(name) === bytes, name).toBe(true)
  const manifest = await readManifest(join(folder, 'one'))
  expect(manifest?.classes).toContain('planetaryNebula')
  for (const { name, description } of manifest?.columns ?? []) expect(description, name).not.toMatch(/^(true )?\w+Mag$/)
  const rows: Row[] = []
  const table = await openTable(join(folder, 'one', 'stars-00000.parquet'))
  for await (const batch of table.batches()) rows.push(...batch.rows)
  await table.close()
  const has = (row: Row, name: string) => row[name] !== null && row[name] !== undefined
  expect(new Set(rows.map(row => row.nuisance_component))).toEqual(new Set([0, 1, 2]))
  for (const row of rows) {
    expect(has(row, 'truth_logAgeYr')).toBe(row.nuisance_component === 0)
    expect(has(row, 'nuisance_ysoInclinationDeg')).toBe(row.nuisance_component === 1)
    expect(has(row, 'nuisance_agnRedshift')).toBe(row.truth_class === 'agn')
    expect(has(row, 'truth_avMag')).toBe(true)
  }
})

import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { readRecipe, recipeSha256 } from '../../../ops/simulation/recipeFile.ts'
import { readManifest } from '../../../ops/simulation/simulationJournal.ts'
import { openTable, type Row } from '../../../streams/index.ts'
import { runInProcess } from '../commandRun.ts'

const golden = (set: string) => fileURLToPath(new URL(`../../golden/cubes/${set}`, import.meta.url))

/** A folder with the cubes of two sets, and a recipe beside them. */
async function cubesFolder(sets = '[sp--s-i, s-ubhmi]', cubes = './grids'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-cubes-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const set of ['sp--s-i', 's-ubhmi']) await cp(golden(set), join(folder, 'grids', set), { recursive: true })
  const component = `{ kind: ysoSets, sets: ${sets}, cubes: ${cubes}, distancePc: 500, avMag: 0, apertureAu: 1000 }`
  await writeFile(join(folder, 'mine.yaml'), `name: mine\ncomponents:\n  - ${component}\n`)
  return folder
}

test('stars of a recipe are those of its cubes, the same on any number of threads', async () => {
  const folder = await cubesFolder()
  const run = (out: string, workers: string) =>
    runInProcess(folder, [
      ...['simulate', 'mine.yaml', '--stars', '60', '--shard-stars', '20', '--out', out, '--workers', workers],
    ])
  expect(await run('one', '1')).toMatchObject({ code: 0, error: null })
  expect(await run('two', '2')).toMatchObject({ code: 0, error: null })
  const rows: Row[] = []
  for (const file of ['stars-00000.parquet', 'stars-00001.parquet', 'stars-00002.parquet']) {
    const [one, two] = await Promise.all(['one', 'two'].map(out => readFile(join(folder, out, file))))
    expect(one.equals(two)).toBe(true)
    const table = await openTable(join(folder, 'one', file))
    for await (const batch of table.batches()) rows.push(...batch.rows)
    await table.close()
  }
  // Temperatures of the models that are valid, and have no hole at 100 or 10,000 au, between which they are seen.
  const temperatures = rows.map(row => Math.round(10 ** Number(row.truth_logTeffK)))
  expect(new Set(temperatures)).toEqual(new Set([3000, 9000, 21220]))
  expect(new Set(rows.map(row => row.nuisance_atmosphere))).toEqual(new Set([null]))
  const manifest = await readManifest(join(folder, 'one'))
  const cubes = { folder: join(folder, 'grids'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }
  expect(manifest?.recipe).toMatchObject({ components: [{ cubes }] })
})

test('the hash of a recipe knows the bytes of its cubes, not where they lie', async () => {
  const [here, there] = [await cubesFolder(), await cubesFolder()]
  const hashOf = async (folder: string) => recipeSha256(await readRecipe('mine.yaml', folder, null))
  const hash = await hashOf(here)
  expect(await hashOf(there)).toBe(hash)
  // One bit of the last uncertainty, which nobody reads.
  const path = join(there, 'grids', 's-ubhmi', 'flux.fits')
  const bytes = await readFile(path)
  bytes[bytes.length - 2880] ^= 1
  await writeFile(path, bytes)
  expect(await hashOf(there)).not.toBe(hash)
  const plain = join(here, 'plain.yaml')
  await writeFile(plain, 'name: mine\ncomponents:\n  - { kind: ysoSets, sets: [sp--s-i, s-ubhmi] }\n')
  expect(recipeSha256(await readRecipe('plain.yaml', here, null))).not.toBe(hash)
})

test('the folder of one set may be named itself', async () => {
  const folder = await cubesFolder('[s-ubhmi]', 'grids/s-ubhmi')
  expect((await readRecipe('mine.yaml', folder, null)).components[0]).toMatchObject({
    cubes: { folder: join(folder, 'grids', 's-ubhmi') },
  })
})

const broken: readonly (readonly [string, (folder: string) => Promise<unknown>, RegExp])[] = [
  ['no folder', folder => rm(join(folder, 'grids'), { recursive: true }), /^There is no folder .*grids of cubes;/],
  [
    'a set that is missing',
    folder => rm(join(folder, 'grids', 's-ubhmi'), { recursive: true }),
    /has no folder s-ubhmi; fetch it,/,
  ],
  ['a missing file', folder => rm(join(folder, 'grids', 's-ubhmi', 'flux.fits')), /flux\.fits does not exist/],
  [
    'missing parameters',
    folder => rm(join(folder, 'grids', 's-ubhmi', 'parameters.fits')),
    /parameters\.fits does not exist/,
  ],
  [
    'a truncated cube',
    folder => truncate(join(folder, 'grids', 'sp--s-i', 'flux.fits'), 26_000),
    /flux\.fits is cut short/,
  ],
  [
    'truncated parameters',
    folder => truncate(join(folder, 'grids', 'sp--s-i', 'parameters.fits'), 5800),
    /parameters\.fits is cut short/,
  ],
  [
    'the cube of another set',
    folder => cp(golden('s-ubhmi'), join(folder, 'grids', 'sp--s-i'), { recursive: true }),
    /sp--s-i.parameters\.fits has no disk\.mass of model 1, as the set sp--s-i needs/,
  ],
]
test.each(broken)('%s is told in one sentence, and nothing is written', async (_, breakIt, sentence) => {
  const folder = await cubesFolder()
  await breakIt(folder)
  const { code, error } = await runInProcess(folder, ['simulate', 'mine.yaml', '--stars', '20', '--out', 'out'])
  expect(code).not.toBe(0)
  expect(error?.message).toMatch(sentence)
})

test('one cube for several sets is refused', async () => {
  const folder = await cubesFolder('[sp--s-i, s-ubhmi]', 'grids/sp--s-i')
  await mkdir(join(folder, 'out'))
  await expect(readRecipe('mine.yaml', folder, null)).rejects.toThrow(
    "is the cube of one set; name that set alone in 'sets'",
  )
})

// Tables without a log: simulated stars out, posteriors of a table in constant order.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runInProcess } from '../commandRun.ts'

let folder = ''
const run = (...args: string[]) => runInProcess(folder, args)
const read = (file: string) => readFile(join(folder, file), 'utf8')
const rowsOf = (text: string) => text.trim().split('\n')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-tables-'))
  const columns = ['gMag', 'ksMag', 'parallaxMas'].map(name => `${name}: ${name}, ${name}Err: ${name}_err`)
  await writeFile(join(folder, 'map.yaml'), `columns: { id: star, ${columns.join(', ')} }\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('simulated stars are the same for the same seed, whatever else, and others for another', async () => {
  for (const [out, stars, seed] of [
    ['a.csv', '30', '3'],
    ['b.csv', '30', '3'],
    ['c.csv', '30', '4'],
  ]) {
    expect((await run('simulate', '--stars', stars, '--seed', seed, '--out', out)).code).toBe(0)
  }
  const [a, b, c] = [await read('a.csv'), await read('b.csv'), await read('c.csv')]
  expect(rowsOf(a)).toHaveLength(31)
  expect(a).toBe(b)
  expect(a).not.toBe(c)
})

test('a table gives one row of results for each row in, in its order, its own columns kept, the same bytes again', async () => {
  const infer = (out: string) => run('infer', 'a.csv', '--map', 'map.yaml', '--out', out, '--seed', '7', '--json')
  const [first] = [await infer('out.csv'), await infer('again.csv')]
  const { rowCount, refusedCount } = JSON.parse(first.lines[0])
  const [header, ...rows] = rowsOf(await read('out.csv'))
  expect(rowCount + refusedCount).toBe(30)
  expect(rows).toHaveLength(rowCount)
  const names = header.split(',')
  expect(names).toEqual(expect.arrayContaining(['row', 'id', 'logAgeYr_q50', 'p_young', 'truth_logAgeYr']))
  const numbers = rows.map(row => Number(row.split(',')[0]))
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  expect(await read('again.csv')).toBe(await read('out.csv'))
})

test('a star’s results do not depend on what else is in its table', async () => {
  const [header, ...rows] = rowsOf(await read('a.csv'))
  const at = rows.findIndex(row => row.split(',')[header.split(',').indexOf('gMag')] !== '')
  await writeFile(join(folder, 'one.csv'), `${header}\n${rows[at]}\n`)
  await run('infer', 'one.csv', '--map', 'map.yaml', '--out', 'one.out.csv', '--seed', '7')
  const [, alone] = rowsOf(await read('one.out.csv'))
  const among = rowsOf(await read('out.csv')).find(row => row.startsWith(`${at + 1},`))
  expect(alone.split(',').slice(1)).toEqual(among?.split(',').slice(1))
})

test('refused rows are listed with their reasons, the others are inferred, and a clean run takes the list away', async () => {
  await writeFile(
    join(folder, 'bad.csv'),
    'star,gMag,gMag_err,ksMag,ksMag_err,parallaxMas,parallaxMas_err\nx,12,0.01,,,,\ny,inf,0.01,,,,\nz,12\n',
  )
  const { lines } = await run('infer', 'bad.csv', '--map', 'map.yaml', '--out', 'bad.out.csv', '--json')
  expect(JSON.parse(lines[0])).toMatchObject({ rowCount: 1, refusedCount: 2 })
  const rejects = rowsOf(await read('bad.out.csv.rejects.jsonl')).map(text => JSON.parse(text))
  expect(rejects.map(({ row, code }) => [row, code])).toEqual([
    [2, 'VALUE_OUT_OF_RANGE'],
    [3, 'SCHEMA_MISMATCH'],
  ])
  await run('infer', 'one.csv', '--map', 'map.yaml', '--out', 'bad.out.csv')
  await expect(read('bad.out.csv.rejects.jsonl')).rejects.toThrow('ENOENT')
})

test('no file of the user’s is written over or removed, whichever option names it', async () => {
  await writeFile(join(folder, 'notes.txt'), 'mine\n')
  for (const [out, rejects, kept] of [
    ['one.csv', 'r.jsonl', 'one.csv'],
    ['map.yaml.csv', 'map.yaml', 'map.yaml'],
    ['o.csv', 'one.csv', 'one.csv'],
    ['o.csv', 'o.csv', 'map.yaml'],
    ['o.csv', 'notes.txt', 'notes.txt'],
  ]) {
    const before = await read(kept)
    const outcome = await run('infer', 'one.csv', '--map', 'map.yaml', '--out', out, '--rejects', rejects)
    expect([out, rejects, outcome.code, outcome.error?.code]).toEqual([out, rejects, 2, 'CONFIG_INVALID'])
    expect(await read(kept)).toBe(before)
    await expect(read('o.csv')).rejects.toThrow('ENOENT')
  }
})

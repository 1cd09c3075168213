import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBeside, starList } from '../../../ops/samples/sampleListing.ts'
import { skyKinds } from '../../../ops/samples/skyKinds.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-sample-listing-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('simulated stars and real ones, a line each: place in Galactic degrees, empty cells for what is missing', () => {
  const given = [
    { quantity: 'gMag', value: 12.3456789, err: 0.01, isLimit: false },
    { quantity: 'w4Mag', value: 9, err: 0.1, isLimit: true },
  ]
  const simulated = {
    kind: skyKinds[0],
    input: { key: 'sky:1', given },
    lDeg: 10,
    bDeg: -5,
    distancePc: 1,
    logAgeYr: 6,
  }
  const real = { input: { key: 'real:1', given: [] }, labels: [], flags: [], saturated: [], isMember: true }
  // The Galactic centre.
  const centre = { ...real, input: { key: 'real:2', given: [] }, place: { raDeg: 266.40499, decDeg: -28.93617 } }
  const groups = [{ title: '', reference: '', isYoung: false, stars: [real, centre] }]
  const [header, first, second, third] = starList([simulated], groups).split('\n')
  expect(header).toBe('star,young,lDeg,bDeg,parallaxMas,gMag,bpMag,rpMag,jMag,hMag,ksMag,w1Mag,w2Mag,w3Mag,w4Mag')
  expect(first).toBe('sky:1,1,10,-5,,12.34568,,,,,,,,,')
  expect(second).toBe('real:1,0,,,,,,,,,,,,,')
  const [, , lDeg, bDeg] = third.split(',').map(Number)
  expect(Math.min(lDeg, 360 - lDeg)).toBeLessThan(0.001)
  expect(Math.abs(bDeg)).toBeLessThan(0.001)
})

test('scores of another program, and what cannot be one', async () => {
  const path = join(folder, 'scores.csv')
  const read = async (text: string) => {
    await writeFile(path, text)
    return readBeside('Sagitta=scores.csv', file => join(folder, file))
  }
  const { name, scores } = await read('star,score\nsky:1,0.25\nsky:2,\n')
  expect(name).toBe('Sagitta')
  expect([...scores]).toEqual([['sky:1', 0.25]])
  await expect(read('star,score\na,2\n')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  await expect(read('star,p\na,0.5\n')).rejects.toThrow('has no column score')
  await expect(readBeside('scores.csv', file => file)).rejects.toThrow('write NAME=FILE')
})

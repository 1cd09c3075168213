import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDemoPlan } from '../../../ops/demo/demoPlan.ts'
import { readClusterFacts } from '../../../ops/evaluation/literatureAges.ts'

const plan = readDemoPlan()
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-ages-'))
  const write = (file: string, lines: readonly string[]) => writeFileSync(join(folder, file), `${lines.join('\n')}\n`)
  write('clusters_cantat_gaudin2020.csv', [
    'Cluster,AgeNN,AVNN',
    'NGC_2632,8.83,0.0',
    'Melotte_22,7.89,0.18',
    'Else,7,1',
  ])
  write('clusters_dias2021.csv', [
    'Cluster,logage,e_logage,Av',
    'NGC_2632         ,8.882,0.035,0.032',
    'IC_348 ,        ,,',
  ])
  write('clusters_hunt_reffert2023.csv', ['Name,logAge16,logAge50,logAge84,AV50', 'NGC 2632,8.305,8.539,8.793,0.1'])
})

afterAll(() => rmSync(folder, { recursive: true }))

test('catalogues are told by their own columns, whichever way they write a name, and gaps stay gaps', async () => {
  const facts = await readClusterFacts(plan, folder)
  const praesepe = facts.get('praesepe')
  expect(praesepe?.ages).toEqual([
    { logAgeYr: 8.83, logAgeErr: null, source: 'Cantat-Gaudin 2020' },
    { logAgeYr: 8.882, logAgeErr: 0.035, source: 'Dias 2021' },
    { logAgeYr: 8.539, logAgeErr: expect.closeTo(0.244, 9), source: 'Hunt 2023' },
  ])
  expect(praesepe?.avMagRange).toEqual([0, 0.1])
  expect(facts.get('ic348')).toMatchObject({ ages: [], logAgeYrRange: null, avMagRange: null })
})

test('the published range joins the catalogues to what the demo knows', async () => {
  const known = plan.clusters.find(one => one.cluster === 'praesepe')
  const range = (await readClusterFacts(plan, folder)).get('praesepe')?.logAgeYrRange
  expect(range).toEqual([Math.min(8.539, known?.logAgeYrLow ?? 99), Math.max(8.882, known?.logAgeYrHigh ?? 0)])
})

test('without a folder the plan alone is known', async () => {
  const facts = await readClusterFacts(plan, null)
  for (const { cluster, logAgeYrLow, logAgeYrHigh } of plan.clusters) {
    expect(facts.get(cluster)).toMatchObject({ ages: [], logAgeYrRange: [logAgeYrLow, logAgeYrHigh] })
  }
})

import { existsSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { disturbances } from '../../ops/bench/proof/disturbances.ts'
import { runProof } from '../../ops/bench/proof/proofRun.ts'
import { openScene } from '../../ops/bench/proof/scene.ts'
import { packageFile } from '../../schemas/index.ts'

// Processes are started anew after each disturbance: half a minute on a machine at rest, more on a busy one.
const PATIENCE_MS = 300_000

test(
  'a log in a folder keeps every acknowledged record once, in order, through kills, sleep and a full disk',
  async () => {
    const program = packageFile('dist', 'ops', 'bench', 'proof', 'proofProcess.js')
    expect(existsSync(program), 'compile first: npm run build').toBe(true)
    const scene = await openScene('embedded')
    onTestFinished(() => scene.close())
    const plan = disturbances.filter(({ scenes }) => scenes.includes('embedded'))
    expect(plan.map(({ name }) => name)).toContain('the disk is full')
    const report = await runProof(scene, 0, 21, plan)
    expect(report.faults).toEqual([])
    expect(report.acknowledged).toBeGreaterThan(20)
    expect(report.records).toBeGreaterThan(50)
    expect(report.sightings).toBeGreaterThanOrEqual(2 * report.records)
    expect((report.refusals.LOG_FULL ?? 0) + (report.refusals.SIGABRT ?? 0)).toBeGreaterThan(0)
  },
  PATIENCE_MS,
)

import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runInProcess } from '../commandRun.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-ablation-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const ablation = (args: readonly string[], signal?: AbortSignal) =>
  runInProcess(folder, ['ablation', '--out', 'out', ...args], signal === undefined ? {} : { signal })

test('a condition that is not in the table is refused, with those that are', async () => {
  const { code, error } = await ablation(['--only', 'oracle'])
  expect(code).not.toBe(0)
  expect(error?.message).toContain("--only is \"oracle\": it must be one of 'contrastive', '+ exact transport'")
  expect((await ablation(['--seeds', '0'])).error?.message).toContain('--seeds is "0"')
  expect(existsSync(join(folder, 'out'))).toBe(false)
})

test('stopped before its end it says so, and leaves no page', async () => {
  const { code, lines } = await ablation(['--only', '+ pairs', '--json'], AbortSignal.abort())
  expect(code).toBe(130)
  expect(JSON.parse(lines[0])).toEqual({ isFinished: false, outFolder: join(folder, 'out') })
  expect(existsSync(join(folder, 'out', 'ablation.md'))).toBe(false)
})

test('the real sky knows no star in both worlds, and the simulated one reads no tables', async () => {
  expect((await ablation(['--sky', 'painted'])).error?.message).toContain("'simulated' or 'real'")
  expect((await ablation(['--sky', 'real', '--pairs', '9'])).error?.message).toContain('--pairs is "9"')
  expect((await ablation(['--catalogues', 'tables'])).error?.message).toContain('--catalogues is "tables"')
  const { code, lines } = await ablation(['--sky', 'real', '--json'], AbortSignal.abort())
  expect(code).toBe(130)
  expect(JSON.parse(lines[0])).toEqual({ isFinished: false, outFolder: join(folder, 'out') })
})

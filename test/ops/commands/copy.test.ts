import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLog } from '../../../streams/index.ts'
import { runInProcess } from '../commandRun.ts'

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'birthline-copy-test-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

async function madeLog(records: number): Promise<string> {
  const place = folder()
  const log = await openLog({ kind: 'embedded', folder: join(place, 'birthline-data', 'log') })
  const outputs = Array.from({ length: records }, (_, i) => ({ topic: 'dead-letters', key: `k${i}`, value: null }))
  await log.transact({ outputs })
  await log.close()
  return place
}

test('a log is copied to another folder, counted and compared', async () => {
  const place = await madeLog(5)
  const { code, lines } = await runInProcess(place, ['copy', '--to', 'other', '--json'])
  expect(code).toBe(0)
  const to = join(place, 'other')
  expect(JSON.parse(lines[0])).toMatchObject({ to, records: 5, keys: 5, topics: { 'dead-letters': 5, raw: 0 } })
  const copy = await openLog({ kind: 'embedded', folder: join(to, 'log'), readOnly: true })
  expect(await copy.extents('dead-letters')).toMatchObject([{ first: 0, end: 5 }])
  // Four partitions of posteriors, and that of probes.
  expect(await copy.committed('publish')).toHaveLength(5)
  await copy.close()
  expect(existsSync(join(to, 'log.part'))).toBe(false)

  const again = await runInProcess(place, ['copy', '--to', 'other'])
  expect(again.error?.message).toMatch(/There is a log in .*other already: name another folder with --to/)
  expect(again.code).toBe(2)
})

test('what a killed copy left is begun anew, and one that is interrupted leaves nothing', async () => {
  const place = await madeLog(2)
  mkdirSync(join(place, 'other', 'log.part'), { recursive: true })
  writeFileSync(join(place, 'other', 'log.part', 'log.mdb'), 'half')
  const stop = new AbortController()
  stop.abort()
  const interrupted = await runInProcess(place, ['copy', '--to', 'other'], { signal: stop.signal })
  expect([interrupted.code, interrupted.notes]).toEqual([
    130,
    [`birthline: nothing was left in ${join(place, 'other')}`],
  ])
  expect(existsSync(join(place, 'other', 'log.part'))).toBe(false)
  expect((await runInProcess(place, ['copy', '--to', 'other'])).lines[0]).toBe(
    `2 records were copied to ${join(place, 'other')}; 2 keys were compared, and all agree.`,
  )
})

test('a log that another writes to, one that is not there and a target that is none are told', async () => {
  const place = await madeLog(1)
  const log = await openLog({ kind: 'embedded', folder: join(place, 'birthline-data', 'log') })
  const taken = await runInProcess(place, ['copy', '--to', 'other'])
  expect(taken.error?.code).toBe('LOG_IN_USE')
  await log.close()
  expect((await runInProcess(folder(), ['copy', '--to', 'other'])).error?.message).toMatch(/There is no log in/)
  const wrong = async (...args: string[]) => (await runInProcess(place, ['copy', ...args])).error?.message
  expect(await wrong()).toMatch(/Name where to copy to/)
  expect(await wrong('--to', 'a', '--to-brokers', 'b:1')).toMatch(/either --to or --to-brokers/)
  expect(await wrong('--to-brokers', 'nowhere')).toBe(
    '--to-brokers is "nowhere": it must be host:port, separated by commas.',
  )
  expect(await wrong('--to-brokers', 'b:1', '--to-partitions', '0')).toMatch(/from 2 to 1000\./)
  writeFileSync(join(place, 'file'), '')
  expect(await wrong('--to', 'file')).toMatch(/cannot be made .* name another with --to/)
})

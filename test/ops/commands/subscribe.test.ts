import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { groupLag, notifyGroup, notifyPlan, readSubscriptions, runActor } from '../../../actors/index.ts'
import { starWorkOutput } from '../../../actors/subscriptions.ts'
import { watchSubscriptionRequests } from '../../../ops/runs/subscriptionRequests.ts'
import { loadConfig } from '../../../ops/settings/config.ts'
import { type Log, openLog } from '../../../streams/index.ts'
import { runInProcess } from '../commandRun.ts'
import { makePosterior, posteriorOutputs } from '../starRecords.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-subscribe-'))
  await writeFile(join(folder, 'ids.txt'), 'gaiaDr3:1\n\n gaiaDr3:2\r\n')
  await writeFile(join(folder, 'region.moc'), '4/30-33,38 5/122\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const openHere = () => openLog({ kind: 'embedded', folder: join(folder, 'birthline-data', 'log') })

async function notifyAll(log: Log): Promise<void> {
  const stop = new AbortController()
  const running = runActor(notifyPlan(log), { log, signal: stop.signal, onCommit: () => {} })
  while ((await groupLag(log, notifyGroup.group, notifyGroup.topics)) > 0) await sleep(5)
  stop.abort()
  await running
}

test('filters are saved, listed, watched and ended from the command line', async () => {
  const saved = await runInProcess(folder, ['subscribe', 'young > 0.9', '--name', 'young ones'])
  expect(saved).toMatchObject({ code: 0, error: null })
  expect(saved.lines[0]).toMatch(/^Subscription [0-9a-f]{12} \(young ones\) is saved; .* subscription-events\.00\.$/)
  const more = ['--name', 'mine', '--watchlist', 'ids.txt', '--moc', 'region.moc', '--json']
  const second = JSON.parse((await runInProcess(folder, ['subscribe', ...more])).lines[0])
  expect(second).toMatchObject({ where: '', watchlist: ['gaiaDr3:1', 'gaiaDr3:2'], moc: '4/30-33,38 5/122\n' })
  const listed = await runInProcess(folder, ['subscribe', 'list'])
  expect(listed.lines[2]).toMatch(/^[0-9a-f]{12} {2}young ones {2}young > 0\.9 {17}subscription-events\.00$/)
  expect(listed.lines[3]).toContain('in a MOC, one of 2 watched')

  const log = await openHere()
  const posterior = makePosterior('gaiaDr3:7', 0.95)
  await log.transact({ outputs: [...posteriorOutputs(posterior), starWorkOutput(posterior.starId)] })
  await notifyAll(log)
  await log.close()
  const watching = ['watch', '--subscription', 'young ones', '--until-end']
  const watched = await runInProcess(folder, [...watching, '--from', 'earliest'])
  expect(watched.lines).toEqual([expect.stringMatching(/^entered {2}gaiaDr3:7 {2}P 0\.950 .* 0:1$/)])
  const asJson = await runInProcess(folder, [...watching, '--group', 'mine', '--json'])
  expect(asJson).toMatchObject({ code: 0, lines: [] })
  const told = JSON.parse((await runInProcess(folder, [...watching, '--from', 'earliest', '--json'])).lines[0])
  expect(told).toMatchObject({ event: 'entered', starId: 'gaiaDr3:7', posterior: { youngProbability: 0.95 } })

  expect(await runInProcess(folder, ['subscribe', 'remove', 'young ones'])).toMatchObject({ code: 0 })
  expect((await runInProcess(folder, ['subscribe', 'list', '--json'])).lines).toHaveLength(1)
})

for (const [what, args, code] of [
  ['no name', ['subscribe', 'young > 0.9'], 'USAGE'],
  ['a filter that cannot be read', ['subscribe', 'yung', '--name', 'x'], 'FILTER_INVALID'],
  ['an absent list', ['subscribe', '--name', 'x', '--watchlist', 'none.txt'], 'FILE_UNREADABLE'],
  ['an unknown subscription to end', ['subscribe', 'remove', 'nothing'], 'QUESTION_INVALID'],
  ['an unknown subscription to watch', ['watch', '--subscription', 'nothing'], 'QUESTION_INVALID'],
] as const) {
  test(`${what} is told`, async () => {
    expect((await runInProcess(folder, args)).error?.code).toBe(code)
  })
}

test('a process that holds the log saves and removes for others, and says what it refuses', async () => {
  const log = await openHere()
  const stop = watchSubscriptionRequests({ config: loadConfig({ flags: {}, env: {}, workingFolder: folder }) }, log)
  const name = ['--name', 'held']
  expect(await runInProcess(folder, ['subscribe', 'young > 0.8', ...name])).toMatchObject({ code: 0 })
  expect((await readSubscriptions(log)).map(one => one.name)).toContain('held')
  const refused = await runInProcess(folder, ['subscribe', 'young > 0.8', ...name])
  expect(refused.error).toMatchObject({ code: 'QUESTION_INVALID', message: expect.stringContaining('already') })
  expect(await runInProcess(folder, ['subscribe', 'remove', 'held'])).toMatchObject({ code: 0 })
  expect((await readSubscriptions(log)).map(one => one.name)).not.toContain('held')
  await stop()
  await log.close()
})

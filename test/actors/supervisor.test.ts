import { expect, onTestFinished, test } from 'vitest'
import { createManualClock, type ManualClock } from '../../actors/clock.ts'
import { type Backoff, backoffMs, type Child, defaultBackoff, directiveOf, supervise } from '../../actors/supervisor.ts'
import { ActorSystem } from '../../actors/system.ts'
import { type ChannelMessages, errorCodes, FusionError, subscribe } from '../../schemas/index.ts'

const lost = () => new FusionError('LOG_UNAVAILABLE', 'The log is away.')
const never = new AbortController().signal

/** Lets what is waiting on settled promises run. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate)
}

function heardFailures(): ChannelMessages['failure'][] {
  const heard: ChannelMessages['failure'][] = []
  onTestFinished(subscribe('failure', message => heard.push(message)))
  return heard
}

function supervised(child: Child, clock: ManualClock, backoff: Backoff = defaultBackoff) {
  const restarts: number[] = []
  const ended = supervise(child, never, { clock, backoff, onRestart: count => restarts.push(count) })
  return { ended, restarts }
}

test('only codes that may succeed later restart, and whatever is no FusionError escalates', () => {
  const restarting = errorCodes.filter(code => directiveOf(new FusionError(code, '')) === 'restart')
  expect(restarting).toEqual(['LOG_UNAVAILABLE', 'LOG_REASSIGNED', 'WORKER_LOST'])
  expect(directiveOf(new FusionError('LOG_FENCED', ''))).toBe('stop')
  expect(directiveOf(new RangeError('ours'))).toBe('escalate')
  expect(directiveOf('a text')).toBe('escalate')
})

test('pauses between tries grow to their limit', () => {
  const pauses = [0, 1, 2, 3, 20].map(restarts => backoffMs(defaultBackoff, restarts))
  expect(pauses).toEqual([100, 200, 400, 800, 10_000])
})

test('a child that fails twice is run again after each pause, and then goes on', async () => {
  const clock = createManualClock()
  const heard = heardFailures()
  let runs = 0
  const { ended, restarts } = supervised(
    {
      name: 'child',
      async run() {
        if (++runs <= 2) throw lost()
      },
    },
    clock,
  )
  await settle()
  expect([runs, clock.sleeping]).toEqual([1, [100]])
  clock.advance(100)
  await settle()
  expect([runs, clock.sleeping]).toEqual([2, [200]])
  clock.advance(200)
  await ended
  expect(runs).toBe(3)
  expect(restarts).toEqual([1, 2])
  expect(heard.map(({ actor, code, decision, attempt, delayMs }) => [actor, code, decision, attempt, delayMs])).toEqual(
    [
      ['child', 'LOG_UNAVAILABLE', 'restart', 1, 100],
      ['child', 'LOG_UNAVAILABLE', 'restart', 2, 200],
    ],
  )
})

test('after a long run without failure the pauses begin anew', async () => {
  const clock = createManualClock()
  const backoff = { ...defaultBackoff, maxRestarts: 1 }
  let runs = 0
  const { ended } = supervised(
    {
      name: 'child',
      async run() {
        runs++
        clock.advance(backoff.resetAfterMs)
        if (runs < 5) throw lost()
      },
    },
    clock,
    backoff,
  )
  for (let i = 0; i < 5; i++) {
    await settle()
    clock.advance(backoff.firstMs)
  }
  await ended
  expect(runs).toBe(5)
})

test('a child that never recovers escalates with its own error', async () => {
  const clock = createManualClock()
  const error = lost()
  const { ended } = supervised(
    {
      name: 'child',
      async run() {
        throw error
      },
    },
    clock,
    { ...defaultBackoff, maxRestarts: 2 },
  )
  const failure = expect(ended).rejects.toBe(error)
  for (let i = 0; i < 3; i++) {
    await settle()
    clock.advance(10_000)
  }
  await failure
})

test('a child that is fenced off ends alone, and one with a mistake of ours ends all, sources first', async () => {
  const clock = createManualClock()
  const system = new ActorSystem(clock)
  const order: string[] = []
  const run = (name: string) => ({
    name,
    run: (signal: AbortSignal) =>
      new Promise<void>(resolve => {
        signal.addEventListener('abort', () => {
          order.push(name)
          setImmediate(resolve)
        })
      }),
  })
  system.start(run('sink'))
  system.start(run('middle'))
  system.start({
    name: 'fenced',
    async run() {
      throw new FusionError('LOG_FENCED', 'Another process reads this.')
    },
  })
  system.start(run('source'))
  await settle()
  expect(system.status().map(({ name, state }) => [name, state])).toEqual([
    ['sink', 'running'],
    ['middle', 'running'],
    ['fenced', 'ended'],
    ['source', 'running'],
  ])
  const mistake = new RangeError('ours')
  system.start({
    name: 'broken',
    async run() {
      throw mistake
    },
  })
  await settle()
  await system.stop()
  expect(system.failed.reason).toBe(mistake)
  expect(order).toEqual(['source', 'middle', 'sink'])
})

test('a child that waits for its next try ends when the system is stopped', async () => {
  const system = new ActorSystem(createManualClock())
  system.start({
    name: 'child',
    async run() {
      throw lost()
    },
  })
  await settle()
  await system.stop()
  expect(system.status()).toEqual([{ name: 'child', state: 'ended', restarts: 1 }])
})

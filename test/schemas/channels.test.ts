import { subscribe as listen, unsubscribe } from 'node:diagnostics_channel'
import { expect, test } from 'vitest'
import { type ChannelMessages, isHeard, publish, subscribe } from '../../schemas/channels.ts'

const batch: ChannelMessages['batch'] = {
  ...{ actor: 'fuse', consumed: 3, emitted: 2, emittedTo: new Map([['stars', 2]]), refused: 1 },
  place: { topic: 'observations', partition: 0, firstOffset: 4, nextOffset: 7 },
  ...{ readMs: 1, stepMs: 2, commitMs: 1, durationMs: 4 },
}

test('a message reaches every listener of its channel and nobody else', () => {
  const heard: unknown[] = []
  const stops = [
    subscribe('batch', message => heard.push(['first', message])),
    subscribe('batch', message => heard.push(['second', message])),
    subscribe('notice', message => heard.push(['notice', message])),
  ]
  publish('batch', batch)
  for (const stop of stops) stop()
  expect(heard).toEqual([
    ['first', batch],
    ['second', batch],
  ])
})

test('a listener that has stopped hears nothing more', () => {
  const heard: unknown[] = []
  const stop = subscribe('notice', message => heard.push(message.message))
  publish('notice', { room: 'streams', message: 'one' })
  stop()
  publish('notice', { room: 'streams', message: 'two' })
  expect(heard).toEqual(['one'])
})

test('tools outside hear the channel under its name with the birthline prefix', () => {
  const heard: unknown[] = []
  const listener = (message: unknown) => heard.push(message)
  listen('birthline:batch', listener)
  publish('batch', batch)
  unsubscribe('birthline:batch', listener)
  expect(heard).toEqual([batch])
})

test('a channel is heard from the first listener to the last', () => {
  expect(isHeard('moves')).toBe(false)
  const stop = subscribe('moves', () => {})
  expect(isHeard('moves')).toBe(true)
  stop()
  expect(isHeard('moves')).toBe(false)
})

import { expect, test } from 'vitest'
import { EventText } from '../../../ops/client/eventText.ts'

const stream =
  'retry: 2000\n\nid: 0:1\nevent: posterior\ndata: {"a":1}\n\n: waiting\n\nid: 0:2\n\nid: 0:3\ndata: b\ndata: c\n\n'

test('events are the same wherever their text is cut', () => {
  const expected = [
    { id: '0:1', name: 'posterior', data: '{"a":1}' },
    { id: '0:2', name: '', data: '' },
    { id: '0:3', name: 'message', data: 'b\nc' },
  ]
  for (let size = 1; size <= stream.length; size++) {
    const text = new EventText()
    const found = []
    for (let at = 0; at < stream.length; at += size) found.push(...text.take(stream.slice(at, at + size)))
    expect(found).toEqual(expected)
  }
})

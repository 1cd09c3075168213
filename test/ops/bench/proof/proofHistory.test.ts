import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type HistoryLine, openHistory, readHistory } from '../../../../ops/bench/proof/proofHistory.ts'
import { temporaryFolder } from '../../../actors/logFolder.ts'

const line = (transaction: string): HistoryLine => ({ op: 'unknown', transaction, code: 'X' })

test('half of a last line, as a kill leaves it, is not read, and what is written later stands on lines of its own', async () => {
  const path = join(await temporaryFolder(), 'history.jsonl')
  expect(readHistory(path)).toEqual([])
  const first = openHistory(path)
  first.append([line('a'), line('b')])
  first.close()
  appendFileSync(path, '{"op":"unk')
  expect(readHistory(path)).toEqual([line('a'), line('b')])
  const second = openHistory(path)
  second.append([line('c')])
  second.close()
  expect(readHistory(path)).toEqual([line('a'), line('b'), line('c')])
})

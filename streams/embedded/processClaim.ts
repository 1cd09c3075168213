// What a process writes where only one may be: enough to tell later whether it still lives.
import { randomUUID } from 'node:crypto'
import { processMark, processSpace } from './processMark.ts'

export interface ProcessClaim {
  readonly pid: number
  readonly mark: string
  readonly space: string
  readonly token: string
}

/** A claim of this process, its token told to nobody else. */
export function newClaim(): ProcessClaim {
  return { pid: process.pid, mark: processMark(process.pid) ?? '', space: processSpace(), token: randomUUID() }
}

/** A holder in another container cannot be looked up; it is taken to be gone. */
export function isHolderAlive({ pid, mark, space }: ProcessClaim): boolean {
  if (space !== processSpace()) return false
  const found = processMark(pid)
  return found !== null && (found === '' || mark === '' || found === mark)
}

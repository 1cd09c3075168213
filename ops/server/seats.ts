// Places of those who stay connected: so many, and no more.
import { RequestProblem } from './problem.ts'

/**
 * @param detail what who finds none is told
 * @returns takes a place, and returns what gives it back; throws RequestProblem 503 where all are taken
 */
export function openSeats(count: number, detail: string): () => () => void {
  let taken = 0
  return () => {
    if (taken >= count) throw new RequestProblem(503, 'TOO_MANY_SUBSCRIBERS', detail)
    taken += 1
    return () => {
      taken -= 1
    }
  }
}

// Names in a request that its route does not know.
import { RequestProblem } from './problem.ts'

/**
 * A misspelt name would be another question than the one that was meant.
 * @param asked such as `A list of stars`
 * @param kind such as `parameter`
 * @throws RequestProblem where a name is given that is not known
 */
export function refuseStrays(asked: string, kind: string, given: object, known: object): void {
  const stray = Object.keys(given).find(name => !Object.hasOwn(known, name))
  if (stray === undefined) return
  const [shown, names] = [JSON.stringify(stray.slice(0, 60)), Object.keys(known).join(', ')]
  throw new RequestProblem(400, 'REQUEST_INVALID', `${asked} has no ${kind} ${shown}: known are ${names}.`)
}

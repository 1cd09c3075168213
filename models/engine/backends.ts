// Which of tfjs's backends computes, and for how long: the tracer and the eager judge take turns here.
import * as tf from '@tensorflow/tfjs'
import { registerGradients } from './gradients.ts'

// tfjs advertises its native package on the console at first use; PROD is its flag for silence.
tf.env().set('PROD', true)
registerGradients()

/** The backend that records; see tracer.ts. */
export const TRACER_BACKEND = 'onnxTracer'

/**
 * Run `work` on one tfjs backend, then go back to the one before. The work must be synchronous.
 *
 * @throws TypeError when the backend is not registered or starts asynchronously
 */
export function withBackend<T>(name: string, work: () => T): T {
  // Nothing is chosen before tfjs is first used; its own CPU backend is what it would choose here.
  const before = tf.engine().backendName ?? 'cpu'
  switchTo(name)
  try {
    return work()
  } finally {
    switchTo(before)
  }
}

function switchTo(name: string): void {
  if (tf.engine().backendName === name) return
  // A backend whose factory is synchronous is in place before the promise settles.
  void tf.setBackend(name)
  if (tf.engine().backendName !== name) throw new TypeError(`tfjs backend '${name}' is not there or not ready`)
}

// Estimators of the package sbi as rivals on a reference task: each learns the same simulations in a process of its own.
import type { Task } from '../../../models/index.ts'
import { packageFile } from '../../../schemas/index.ts'
import { type LineProcess, startLineProcess } from '../lineProcess.ts'

/** Classes of sbi: a normalising flow, flow matching, a score network. */
export type PeerMethod = 'NPE' | 'FMPE' | 'NPSE'

export interface PeerOptions {
  /** An interpreter that has what requirements.txt lists. */
  readonly python: string
  readonly method: PeerMethod
  /** Of the simulations that it learns: those of a model of ours with the same two. */
  readonly simulations: number
  readonly seed: number
}

export interface Peer {
  readonly method: PeerMethod
  /** Versions of sbi and torch, epochs and processor time of its training. */
  readonly learned: {
    readonly sbi: string
    readonly torch: string
    readonly epochs: number
    readonly cpuSeconds: number
  }
  /** @returns [count, parameters] samples row by row, and what drawing them took of the processor, on one thread */
  sample(
    observation: readonly number[],
    count: number,
  ): Promise<{ readonly samples: Float64Array; readonly cpuS: number }>
  close(): Promise<void>
}

/**
 * Starts a peer and lets it learn.
 *
 * @throws RangeError for a task whose parameters are not uniform within bounds; Error when the interpreter lacks a package
 */
export async function openPeer(task: Task, { python, method, simulations, seed }: PeerOptions): Promise<Peer> {
  const parameters = task.variables.filter(({ role }) => role === 'parameter')
  const bounds = parameters.map(variable => variable.bounds)
  if (bounds.includes(null)) throw new RangeError(`${task.name}: sbi is told uniform priors only`)
  const width = task.variables.length
  const drawn = task.draw(seed, 0, simulations)
  const rows = Array.from({ length: simulations }, (_, i) => [...drawn.subarray(i * width, (i + 1) * width)])
  const child: LineProcess = startLineProcess(python, [packageFile('ops', 'bench', 'peers', 'npePeer.py')], {
    OMP_NUM_THREADS: '1',
    CUDA_VISIBLE_DEVICES: '',
  })
  try {
    const shape = { parameters: parameters.length, bounds }
    const learned = await child.ask({ do: 'learn', method, rows, ...shape, seed, threads: 1 })
    return {
      method,
      learned: learned as unknown as Peer['learned'],
      async sample(observation, count) {
        const { samples, cpuSeconds } = await child.ask({ do: 'sample', observation, count })
        return { samples: Float64Array.from(samples as number[]), cpuS: Number(cpuSeconds) }
      },
      close: () => child.close(),
    }
  } catch (error) {
    await child.close()
    throw error
  }
}

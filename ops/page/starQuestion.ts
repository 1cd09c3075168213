// A question of a star that changes while a slider moves, and the newest answer to it.
import { useEffect, useRef, useState } from 'preact/hooks'
import { parameterOrder } from './parameterSection.tsx'
import { type Problem, sendJson, toProblem } from './service.ts'
import type { AskAnswer } from './starAnswer.ts'

/** Where answers take long, a slider that still moves asks nothing yet: for a quarter of what the last one took, and no longer. */
const LONGEST_PAUSE_MS = 100
/** The server answers a few questions at a time; the next is asked again after this. */
const BUSY_MS = 1000

export interface Reply {
  readonly isUnderWay: boolean
  readonly answer: AskAnswer | null
  readonly tookMs: number
  readonly problem: Problem | null
  readonly again: () => void
}

/**
 * Asks whenever the question changes, one question at a time: the server would go on with one that nobody waits for. While one
 * is under way the newest waits, those between are never asked; so a slider that moves draws as often as the server answers.
 */
export function useQuestion(
  path: string | null,
  question: { readonly given: string; readonly without: string },
): Reply {
  const [turn, setTurn] = useState(0)
  const [reply, setReply] = useState<Held>(noReply)
  const now = { path, ...question, key: JSON.stringify([path, question, turn]) }
  const wanted = useRef(now)
  wanted.current = now
  const isAsking = useRef(false)
  const timer = useRef(0)
  const lastMs = useRef(0)
  const gone = useRef(new AbortController())

  const ask = async (): Promise<void> => {
    const one = wanted.current
    if (isAsking.current || one.path === null) return
    isAsking.current = true
    const startedMs = performance.now()
    let waitMs = 0
    try {
      const { given, without } = one
      const body = { for: parameterOrder.join(','), given, without, samples: 256, withSamples: true }
      const answer = await sendJson<AskAnswer>('POST', one.path, body, gone.current.signal)
      lastMs.current = performance.now() - startedMs
      // An answer that was overtaken is nearer to what is asked than the one before it.
      if (one.path === wanted.current.path) setReply({ to: one.key, answer, tookMs: lastMs.current, problem: null })
    } catch (error) {
      if (gone.current.signal.aborted) return
      const problem = toProblem(error)
      if (problem.status === 429) waitMs = BUSY_MS
      else setReply({ ...noReply, to: one.key, problem })
    }
    isAsking.current = false
    if (waitMs > 0) timer.current = window.setTimeout(ask, waitMs)
    else if (one.key !== wanted.current.key) await ask()
  }

  useEffect(() => {
    clearTimeout(timer.current)
    if (path === null) setReply(noReply)
    else timer.current = window.setTimeout(ask, Math.min(LONGEST_PAUSE_MS, lastMs.current / 4))
  }, [now.key])
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      gone.current.abort()
    },
    [],
  )
  const isUnderWay = path !== null && reply.to !== now.key
  const { answer, tookMs, problem } = path === null ? noReply : reply
  return {
    isUnderWay,
    answer,
    tookMs,
    problem: isUnderWay ? null : problem,
    again: () => setTurn(before => before + 1),
  }
}

type Held = Omit<Reply, 'isUnderWay' | 'again'> & { readonly to: string }

const noReply: Held = { to: '', answer: null, tookMs: 0, problem: null }

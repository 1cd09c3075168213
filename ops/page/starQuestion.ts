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
  const [reply, setReply] = useState<Omit<Reply, 'again'>>(noReply)
  const [turn, setTurn] = useState(0)
  const wanted = useRef({ path, ...question, turn })
  wanted.current = { path, ...question, turn }
  const asked = useRef<typeof wanted.current | null>(null)
  const timer = useRef(0)
  const lastMs = useRef(0)
  const gone = useRef(new AbortController())

  const ask = async (): Promise<void> => {
    const one = wanted.current
    if (asked.current !== null || one.path === null) return
    asked.current = one
    const startedMs = performance.now()
    try {
      const { given, without } = one
      const body = { for: parameterOrder.join(','), given, without, samples: 256, withSamples: true }
      const answer = await sendJson<AskAnswer>('POST', one.path, body, gone.current.signal)
      lastMs.current = performance.now() - startedMs
      const isNewest = isSame(one, wanted.current)
      // An answer that was overtaken is nearer to what is asked than the one before it.
      if (one.path === wanted.current.path)
        setReply({ isUnderWay: !isNewest, answer, tookMs: lastMs.current, problem: null })
    } catch (error) {
      if (gone.current.signal.aborted) return
      const problem = toProblem(error)
      if (problem.status === 429) {
        asked.current = null
        timer.current = window.setTimeout(ask, BUSY_MS)
        return
      }
      if (isSame(one, wanted.current)) setReply({ ...noReply, problem })
    }
    asked.current = null
    if (!isSame(one, wanted.current)) await ask()
  }

  useEffect(() => {
    clearTimeout(timer.current)
    if (path === null) setReply(noReply)
    else {
      setReply(before => ({ ...before, isUnderWay: true, problem: null }))
      timer.current = window.setTimeout(ask, Math.min(LONGEST_PAUSE_MS, lastMs.current / 4))
    }
  }, [path, question.given, question.without, turn])
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      gone.current.abort()
    },
    [],
  )
  return { ...reply, again: () => setTurn(before => before + 1) }
}

const noReply = { isUnderWay: false, answer: null, tookMs: 0, problem: null }

function isSame<T extends object>(one: T, other: T): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

// Server-sent events over fetch: with a token where there is one, and resumed after a break with the id that came last.
import { EventText, type ServerEvent } from '../client/eventText.ts'
import { type Problem, ProblemError, request, toProblem } from './service.ts'

export interface EventListener {
  onEvent(event: ServerEvent): void
  /** @param problem null once events can come, or what keeps them from coming */
  onState(state: 'open' | 'waiting' | 'refused', problem: Problem | null): void
}

const RETRY_MS = [500, 1000, 2000, 5000]

/**
 * Listens until the signal aborts. After a break it goes on behind the last event that it saw: none is lost, none comes twice.
 * @param path with what it is to start from in its query; that is for the first time only
 */
export async function listen(path: string, listener: EventListener, signal: AbortSignal): Promise<void> {
  let lastId = ''
  let failures = 0
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = lastId === '' ? {} : { 'last-event-id': lastId }
      const response = await request(path, { headers, signal, cache: 'no-store' })
      failures = 0
      listener.onState('open', null)
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      const text = new EventText()
      for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
        for (const event of text.take(piece.value)) {
          if (event.id !== '') lastId = event.id
          listener.onEvent(event)
        }
      }
    } catch (error) {
      if (signal.aborted) return
      const { problem } = error instanceof ProblemError ? error : { problem: toProblem(error) }
      // What was asked wrongly is not asked again.
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
        listener.onState('refused', problem)
        return
      }
      listener.onState('waiting', problem)
    }
    if (signal.aborted) return
    listener.onState('waiting', null)
    const pauseMs = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]
    failures++
    await new Promise(resolve => setTimeout(resolve, pauseMs))
  }
}

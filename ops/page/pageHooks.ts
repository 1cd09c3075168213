// What every view needs of its surroundings: the address, answers of the server, the width it has.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Address, readAddress, writeAddress } from './address.ts'
import { getJson, type Problem, toProblem } from './service.ts'

export function useAddress(): Address {
  const [address, setAddress] = useState(() => readAddress(location.hash))
  useEffect(() => {
    const look = () => setAddress(readAddress(location.hash))
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [])
  return address
}

/**
 * Changes some parameters of the address.
 * @param way `step` is one that the browser's back button takes back; else the address changes in place
 */
export function setParams(
  changes: Readonly<Record<string, string | number | null>>,
  way: 'place' | 'step' = 'place',
): void {
  const { view, subject, params } = readAddress(location.hash)
  const next = writeAddress(view, subject, { ...Object.fromEntries(params), ...changes })
  if (next === location.hash) return
  if (way === 'step') history.pushState(null, '', next)
  else history.replaceState(null, '', next)
  dispatchEvent(new HashChangeEvent('hashchange'))
}

export type Answer<T> =
  | { readonly state: 'loading'; readonly value: null }
  | { readonly state: 'failed'; readonly problem: Problem; readonly value: null }
  | { readonly state: 'ready'; readonly value: T }

/** The answer to a GET; `again` asks anew. A null path asks nothing. */
export function useAnswer<T>(path: string | null): readonly [answer: Answer<T>, again: () => void] {
  const [answer, setAnswer] = useState<Answer<T> & { readonly path?: string | null }>({ state: 'loading', value: null })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (path === null) return
    const gone = new AbortController()
    setAnswer({ state: 'loading', value: null, path })
    getJson<T>(path, gone.signal).then(
      value => setAnswer({ state: 'ready', value, path }),
      error => {
        if (!gone.signal.aborted) setAnswer({ state: 'failed', problem: toProblem(error), value: null, path })
      },
    )
    return () => gone.abort()
  }, [path, turn])
  const again = useCallback(() => setTurn(before => before + 1), [])
  // Until the effect has run, what is held is of another path.
  return [answer.path === path ? answer : { state: 'loading', value: null }, again]
}

/** The width of an element in CSS pixels, as it changes. */
export function useWidth(): readonly [ref: { current: HTMLDivElement | null }, widthPx: number] {
  const ref = useRef<HTMLDivElement>(null)
  const [widthPx, setWidthPx] = useState(0)
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    setWidthPx(element.clientWidth)
    const observer = new ResizeObserver(() => setWidthPx(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, widthPx]
}

// A client of the HTTP service: fetch alone, with types from what the service says of itself.
// This folder imports nothing from outside, so that it can be copied as it is into a browser or another program.
import type { Routes } from './apiTypes.ts'
import { EventText } from './eventText.ts'

export type Route = keyof Routes
export type Answer<R extends Route> = Routes[R]['answer']
/** What a route takes: `path`, `query` and `body`, as far as it has them. */
export type Inputs<R extends Route> = Omit<Routes[R], 'answer'>

export type StarSummary = Answer<'GET /v1/stars'>['stars'][number]
export type SavedFilter = Answer<'GET /v1/subscriptions/{id}'>
export type HistoryEntry = Answer<'GET /v1/stars/{id}/history'>['entries'][number]
type ListQuery = Omit<Routes['GET /v1/stars']['query'], 'format' | 'after'>

/** A star that entered a filter, was updated in it, or left it; then it has no posterior. */
export interface FilterEvent {
  readonly kind: 'entered' | 'updated' | 'left'
  /** Where to go on: `from` takes it. */
  readonly cursor: string
  /** The same for an event that comes twice. */
  readonly eventId: string
  readonly starId: string
  readonly posterior: Answer<'GET /v1/stars/{id}'>['posterior']
}

export interface ClientOptions {
  /** For a server that asks for one. */
  readonly token?: string
  /** Ends whatever is under way, streams of events too. */
  readonly signal?: AbortSignal
}

export interface EventOptions {
  /** `latest` (default), `earliest` or the cursor of the last event that was seen. */
  readonly from?: string
  /** A connection that is silent for so long is given up for another; the server sends a heartbeat every 15 seconds. */
  readonly silenceMs?: number
}

/** What the server answered in place of what was asked: its sentence, its stable code, the HTTP status. */
export class ServiceError extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, sentence: string) {
    super(sentence)
    this.status = status
    this.code = code
  }
}

export type StarClient = ReturnType<typeof createClient>

const SILENCE_MS = 60_000
const RETRY_MS = [500, 1000, 2000, 5000]

/**
 * @param base address of the server, such as `http://127.0.0.1:8480`
 * Every function throws ServiceError with the server's own sentence, and what fetch throws where no answer comes.
 */
export function createClient(base: string, { token, signal }: ClientOptions = {}) {
  /** The answer of any route as it comes. */
  async function request<R extends Route>(
    route: R,
    inputs: Inputs<R>,
    { headers = {}, signal: own = signal }: { headers?: Record<string, string>; signal?: AbortSignal | undefined } = {},
  ): Promise<Response> {
    const [method, template] = route.split(' ')
    const { path = {}, query = {}, body } = inputs as AnyInputs
    const filled = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(path[name])))
    const url = new URL(filled, base)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, `${value}`)
    const response = await fetch(url, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(own !== undefined && { signal: own }),
    })
    if (!response.ok) throw await errorOf(response)
    return response
  }

  /** Any route, as its description says: JSON, or else text or bytes. */
  async function call<R extends Route>(route: R, inputs: Inputs<R>): Promise<Answer<R>> {
    const response = await request(route, inputs)
    const type = response.headers.get('content-type') ?? ''
    if (response.status === 204) return null as Answer<R>
    if (type.includes('json')) return (await response.json()) as Answer<R>
    if (/^text\/|xml/.test(type)) return (await response.text()) as Answer<R>
    return new Uint8Array(await response.arrayBuffer()) as Answer<R>
  }

  /** Stars in an order, page after page as they are asked for. */
  async function* stars(query: ListQuery = {}): AsyncGenerator<StarSummary, void, undefined> {
    let place: { after?: string } = {}
    for (;;) {
      const page = await call('GET /v1/stars', { query: { ...query, ...place } })
      yield* page.stars
      if (page.next === null) return
      place = { after: page.next }
    }
  }

  /** Every posterior the star had, oldest first. */
  async function* history(id: string): AsyncGenerator<HistoryEntry, void, undefined> {
    let after = 0
    for (;;) {
      const { entries, isMore } = await call('GET /v1/stars/{id}/history', { path: { id }, query: { after } })
      yield* entries
      if (!isMore) return
      after = entries[entries.length - 1].index
    }
  }

  /**
   * The newest posterior as an Arrow file: a row for each sample, with units.
   * @param read makes something of the bytes, such as `tableFromIPC` of apache-arrow
   */
  async function posteriorTable<T>(id: string, read: (bytes: Uint8Array) => T): Promise<T> {
    const response = await request('GET /v1/stars/{id}/posterior', { path: { id }, query: { format: 'arrow' } })
    return read(new Uint8Array(await response.arrayBuffer()))
  }

  /** Saves a filter; where the same is saved under that name already, that one. */
  async function subscribe(wanted: Routes['POST /v1/subscriptions']['body']): Promise<SavedFilter> {
    try {
      return await call('POST /v1/subscriptions', { body: wanted })
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status !== 400) throw error
      const { subscriptions } = await call('GET /v1/subscriptions', {})
      const found = subscriptions.find(({ name }) => name === wanted.name)
      if (found === undefined || filterText(found) !== filterText(wanted)) throw error
      return found
    }
  }

  /**
   * The events of a saved filter, for ever. After a break it connects again and goes on behind the last event, so that
   * none is lost and none comes twice; what the server refuses is thrown.
   */
  async function* events(
    id: string,
    { from = 'latest', silenceMs = SILENCE_MS }: EventOptions = {},
  ): AsyncGenerator<FilterEvent, void, undefined> {
    let cursor = from
    let failures = 0
    const isOver = () => signal?.aborted === true
    while (!isOver()) {
      const connection = new AbortController()
      const either = signal === undefined ? connection.signal : AbortSignal.any([signal, connection.signal])
      try {
        const headers = { 'last-event-id': cursor }
        const response = await request(
          'GET /v1/subscriptions/{id}/events',
          { path: { id }, query: {} },
          { headers, signal: either },
        )
        const text = new EventText()
        for await (const piece of piecesOf(response, connection, silenceMs)) {
          failures = 0
          for (const { id: next, name, data } of text.take(piece)) {
            if (next !== '') cursor = next
            if (name !== '') yield { kind: name, cursor, ...JSON.parse(data) }
          }
        }
      } catch (error) {
        if (isOver()) return
        if (isFinal(error)) throw error
      } finally {
        connection.abort()
      }
      await pause(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)], signal)
    }
  }

  return {
    request,
    call,
    stars,
    history,
    posteriorTable,
    subscribe,
    events,
    /** A star by any survey's id, with its newest posterior. */
    star: (id: string) => call('GET /v1/stars/{id}', { path: { id } }),
    /** The newest posterior with its samples. */
    posterior: (id: string) => call('GET /v1/stars/{id}/posterior', { path: { id }, query: {} }),
    /** Any question of a star. */
    ask: (id: string, question: Routes['POST /v1/stars/{id}/ask']['body']) =>
      call('POST /v1/stars/{id}/ask', { path: { id }, body: question }),
    /** Ends a subscription. */
    unsubscribe: (id: string) => call('DELETE /v1/subscriptions/{id}', { path: { id } }),
  }
}

interface AnyInputs {
  readonly path?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
}

function filterText({ where, moc, watchlist }: Partial<Pick<SavedFilter, 'where' | 'moc' | 'watchlist'>>): string {
  return JSON.stringify([where ?? '', moc ?? null, watchlist ?? []])
}

/** The text of a stream as it comes. A connection that is silent for too long is cut: nobody else would tell that it is dead. */
async function* piecesOf(response: Response, connection: AbortController, silenceMs: number): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const silence = setTimeout(() => connection.abort(), silenceMs)
    const piece = await reader?.read().finally(() => clearTimeout(silence))
    if (piece === undefined || piece.done) return
    yield piece.value
  }
}

/** What was asked wrongly is not asked again; what cannot be read will not be better the next time. */
function isFinal(error: unknown): boolean {
  if (error instanceof ServiceError) return error.status < 500 && error.status !== 429
  return error instanceof SyntaxError
}

async function errorOf(response: Response): Promise<ServiceError> {
  const { status } = response
  try {
    const { code, detail } = (await response.json()) as { readonly code: string; readonly detail: string }
    return new ServiceError(status, code, detail)
  } catch {
    return new ServiceError(status, 'HTTP', `The server answered ${status} and no word of why: see what is between.`)
  }
}

/** Ends early where the signal aborts. */
function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, durationMs)
    signal?.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
  })
}

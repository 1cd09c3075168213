// Asks the server: JSON in and out, errors as the problem details it sends, a token where it wants one.

export interface Problem {
  /** HTTP status; 0 where no answer came. */
  readonly status: number
  readonly code: string
  readonly detail: string
}

export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

const TOKEN = 'birthline-token'

/** Kept until the tab closes, and nowhere else. */
export function keepToken(token: string): void {
  sessionStorage.setItem(TOKEN, token)
}

export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  const token = sessionStorage.getItem(TOKEN)
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  let response: Response
  try {
    response = await fetch(path, { ...init, headers })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ProblemError({
      status: 0,
      code: 'UNREACHABLE',
      detail: 'The server does not answer: see whether birthline still runs, then try again.',
    })
  }
  if (!response.ok) throw new ProblemError(await problemOf(response))
  return response
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, signal === undefined ? {} : { signal })
  return (await response.json()) as T
}

export async function sendJson<T>(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const response = await request(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    ...(signal !== undefined && { signal }),
  })
  return (response.status === 204 ? null : await response.json()) as T
}

export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  return { status: 0, code: 'PAGE', detail: `The page cannot read the answer: ${String(error)}` }
}

/** Saves what the server answers as a file of the browser. */
export async function download(path: string, fileName: string): Promise<void> {
  const response = await request(path)
  saveBlob(await response.blob(), fileName)
}

export function saveBlob(blob: Blob, fileName: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

async function problemOf(response: Response): Promise<Problem> {
  const plain = { status: response.status, code: 'HTTP', detail: `The server answers ${response.status}.` }
  try {
    const { code, detail } = (await response.json()) as Partial<Problem>
    return { ...plain, code: code ?? plain.code, detail: detail ?? plain.detail }
  } catch {
    return plain
  }
}

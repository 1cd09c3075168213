// The state of the page as an address: #/star/ID?step=2, so that every state can be kept and sent.

export interface Address {
  readonly view: string
  /** What the view is of, such as a star's id; empty where it is of everything. */
  readonly subject: string
  readonly params: ReadonlyMap<string, string>
}

/** @param hash as the browser has it, with its # */
export function readAddress(hash: string): Address {
  const [path, query = ''] = hash.replace(/^#?\/?/, '').split('?', 2)
  const [view = '', ...rest] = path.split('/')
  return { view, subject: decoded(rest.join('/')), params: new Map(new URLSearchParams(query)) }
}

/** The hash of a state; what is empty or null is left out. */
export function writeAddress(
  view: string,
  subject = '',
  params: Readonly<Record<string, string | number | null>> = {},
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== null && value !== '') query.set(name, String(value))
  const text = query.toString()
  return `#/${view}${subject === '' ? '' : `/${encodeURIComponent(subject)}`}${text === '' ? '' : `?${text}`}`
}

/** An address that somebody typed by hand may hold a % that stands for nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

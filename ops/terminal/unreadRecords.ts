// Says once how many records of a newer birthline were passed over.
import { subscribe } from '../../schemas/index.ts'
import type { Terminal } from './terminal.ts'

/** Does the work, and tells of what it left unread. */
export async function tellUnread<T>(terminal: Terminal, work: () => Promise<T>): Promise<T> {
  // A command may come by more than once.
  const places = new Set<string>()
  const stop = subscribe('unread', ({ where }) => {
    places.add(where)
  })
  try {
    return await work()
  } finally {
    stop()
    const { size } = places
    if (size > 0)
      terminal.note(`birthline: passed over ${size} records of a newer birthline; update this one to read them`)
  }
}

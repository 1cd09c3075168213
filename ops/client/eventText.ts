// The text of server-sent events, cut anywhere on its way -> events.

export interface ServerEvent {
  readonly id: string
  /** Empty for a heartbeat, which moves the id alone. */
  readonly name: string
  readonly data: string
}

/** Takes text as it arrives, in pieces cut anywhere, and gives back whole events (HTML Living Standard, 9.2.6). */
export class EventText {
  #held = ''

  take(piece: string): readonly ServerEvent[] {
    this.#held += piece
    const blocks = this.#held.split('\n\n')
    this.#held = blocks.pop() ?? ''
    return blocks.flatMap(block => {
      const fields = new Map<string, string[]>()
      for (const line of block.split('\n')) {
        const match = /^(\w+): ?(.*)$/.exec(line)
        if (match !== null) fields.set(match[1], [...(fields.get(match[1]) ?? []), match[2]])
      }
      const id = fields.get('id')?.at(-1) ?? ''
      const data = fields.get('data')?.join('\n') ?? ''
      const name = data === '' ? '' : (fields.get('event')?.at(-1) ?? 'message')
      return id === '' && data === '' ? [] : [{ id, name, data }]
    })
  }
}

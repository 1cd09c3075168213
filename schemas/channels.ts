// How the lower rooms are heard without printing: typed diagnostics channels, to which ops subscribes.
// With nobody listening a message costs one look-up. A worker thread has channels of its own and posts its news home.
import { channel } from 'node:diagnostics_channel'

/** What is said on each channel; a channel's name outside the process is `birthline:` and the key. */
export interface ChannelMessages {
  /** An actor has committed a batch: outputs and consumed offsets in one transaction. */
  readonly batch: {
    readonly actor: string
    readonly consumed: number
    readonly emitted: number
    readonly refused: number
    readonly durationMs: number
  }
  /** A mailbox filled up and its source was paused, or has drained and its source goes on. */
  readonly mailbox: {
    readonly actor: string
    readonly depth: number
    readonly capacity: number
    readonly isPaused: boolean
  }
  /** A supervisor has decided what happens to a failed actor. */
  readonly failure: {
    readonly actor: string
    readonly code: string
    readonly message: string
    readonly decision: 'resume' | 'restart' | 'stop' | 'escalate'
    readonly attempt: number
    readonly delayMs: number
  }
  /** A worker has answered for a batch of stars. */
  readonly inference: {
    readonly stars: number
    readonly samples: number
    readonly durationMs: number
  }
  /** How far a file has been read. */
  readonly progress: {
    readonly what: string
    readonly done: number
    /** `null` where the end is not known. */
    readonly total: number | null
    readonly unit: string
  }
  /** A record of a newer birthline was passed over. */
  readonly unread: { readonly where: string }
  /** One sentence that the person at the machine should read. */
  readonly notice: { readonly room: string; readonly message: string }
}

export type ChannelName = keyof ChannelMessages

const fullName = (name: ChannelName) => `birthline:${name}`

/** Tells whoever listens. */
export function publish<N extends ChannelName>(name: N, message: ChannelMessages[N]): void {
  const spoken = channel(fullName(name))
  if (spoken.hasSubscribers) spoken.publish(message)
}

/** Listens until the returned function is called. */
export function subscribe<N extends ChannelName>(name: N, listener: (message: ChannelMessages[N]) => void): () => void {
  const heard = (message: unknown) => listener(message as ChannelMessages[N])
  const spoken = channel(fullName(name))
  spoken.subscribe(heard)
  return () => {
    spoken.unsubscribe(heard)
  }
}

// Rows that were refused, with the reason, as JSON lines; the file is there only if there is one.
import { type FileHandle, open, rename, rm } from 'node:fs/promises'

export interface Reject {
  readonly row: number
  readonly code: string
  readonly reason: string
}

export class RejectFile {
  readonly path: string
  #handle: FileHandle | null = null
  #count = 0

  constructor(path: string) {
    this.path = path
  }

  get count(): number {
    return this.#count
  }

  async write(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) return
    this.#handle ??= await open(this.#partPath, 'w')
    await this.#handle.write(rejects.map(one => `${JSON.stringify(one)}\n`).join(''))
    this.#count += rejects.length
  }

  /** Puts the file in its place; without rejects, takes away what an earlier run left there. */
  async commit(): Promise<void> {
    if (this.#handle === null) return rm(this.path, { force: true })
    await this.#handle.close()
    this.#handle = null
    await rename(this.#partPath, this.path)
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    if (this.#handle === null) return
    await this.#handle.close()
    this.#handle = null
    await rm(this.#partPath, { force: true })
  }

  get #partPath(): string {
    return `${this.path}.part`
  }
}

// Rows that were refused, with the reason, as JSON lines; the file is there only if there is one.
import { open, rm, stat } from 'node:fs/promises'
import { FusionError } from '../../schemas/index.ts'
import { OutputFile } from '../../streams/index.ts'

export interface Reject {
  readonly row: number
  readonly code: string
  readonly reason: string
}

/** More than a list's first line is ever long. */
const LOOK_BYTES = 65_536

export class RejectFile {
  readonly path: string
  #output: OutputFile | null = null
  #count = 0

  private constructor(path: string) {
    this.path = path
  }

  /**
   * A list of an earlier run stays until this one is committed.
   * @throws FusionError CONFIG_INVALID when the name belongs to anything else, which is then left as it is
   */
  static async open(path: string): Promise<RejectFile> {
    if (await isForeign(path)) {
      throw new FusionError(
        'CONFIG_INVALID',
        `${path} is there already and is no list of refused rows: move it, or name another file with --rejects.`,
      )
    }
    return new RejectFile(path)
  }

  get count(): number {
    return this.#count
  }

  async write(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) return
    this.#output ??= await OutputFile.open(this.path)
    const lines = rejects.map(({ row, code, reason }) => `${JSON.stringify({ row, code, reason })}\n`)
    await this.#output.append(Buffer.from(lines.join('')))
    this.#count += rejects.length
  }

  /** Puts the list in its place; without rejects, takes away the list of an earlier run. */
  async commit(): Promise<void> {
    if (this.#output !== null) await this.#output.commit()
    else if (!(await isForeign(this.path))) await rm(this.path, { force: true })
  }

  /** Leaves nothing behind, unless it was committed. */
  async abandon(): Promise<void> {
    await this.#output?.abandon()
  }
}

/** Whether something other than a list of ours, which nobody asked to lose, has the name. */
async function isForeign(path: string): Promise<boolean> {
  try {
    // Opening a pipe would wait for whoever writes to it.
    if (!(await stat(path)).isFile()) return true
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOK_BYTES), 0, LOOK_BYTES, 0)
      return bytesRead > 0 && !isReject(buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0])
    } finally {
      await file.close()
    }
  } catch (error) {
    // What may not even be read is not ours; what cannot be there at all is told when it is written.
    return !(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
  }
}

function isReject(line: string): boolean {
  try {
    const keys = Object.keys(JSON.parse(line) as Reject)
    return keys.join() === 'row,code,reason'
  } catch {
    return false
  }
}

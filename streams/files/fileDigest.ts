// The SHA-256 of a file, whatever its size.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** @returns 64 hexadecimal digits @throws the system's error where the file cannot be read */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

// A small file of settings that somebody wrote by hand: YAML or JSON, with the line of each key for sentences about it.
import { open } from 'node:fs/promises'
import { FusionError } from '../../schemas/index.ts'
import { configInvalid, notRead } from './unreadableFile.ts'
import { type PlacedYaml, parsePlacedYaml } from './yamlText.ts'

const MAX_BYTES = 256 * 1024

/** @throws FusionError CONFIG_INVALID where it cannot be read, is too large, no UTF-8 or no YAML */
export async function readSettingsFile(path: string): Promise<PlacedYaml> {
  const bytes = await readStart(path)
  if (bytes.length > MAX_BYTES) {
    throw configInvalid(
      path,
      `is larger than ${MAX_BYTES / 1024} KiB, which no file of settings is; name the right file`,
    )
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw configInvalid(path, 'is no UTF-8 text; write YAML or JSON')
  }
  const placed = parsePlacedYaml(text, '1.2', problem => {
    throw configInvalid(path, `is no YAML: ${problem}; correct it`)
  })
  if (placed === undefined) throw configInvalid(path, 'is no YAML; write YAML or JSON')
  return placed
}

/** One byte more than is allowed, at most. */
async function readStart(path: string): Promise<Buffer> {
  try {
    const handle = await open(path, 'r')
    try {
      const bytes = Buffer.alloc(MAX_BYTES + 1)
      let size = 0
      while (size < bytes.length) {
        const { bytesRead } = await handle.read(bytes, size, bytes.length - size, size)
        if (bytesRead === 0) break
        size += bytesRead
      }
      return bytes.subarray(0, size)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw new FusionError('CONFIG_INVALID', notRead(path, cause).message, { cause, detail: { path } })
  }
}

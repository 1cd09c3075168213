// The rules every format's column names obey: few enough, and each once.
import type { ByteSource } from './byteSource.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'

/**
 * Names as the file has them, trimmed; an unnamed column is named after its place.
 * @throws FusionError FILE_UNREADABLE when there is none or one occurs twice
 * @throws FusionError RECORD_TOO_LARGE when there are more than the limits allow
 */
export function columnNames(source: ByteSource, names: readonly (string | null | undefined)[]): string[] {
  const { path, limits } = source
  if (names.length === 0) throw unreadable(path, 'has a table without columns; check how it was written')
  if (names.length > limits.maxColumns) {
    throw tooLarge(
      path,
      `has ${names.length} columns, more than ${limits.maxColumns}; leave out those that nobody needs`,
    )
  }
  const places = new Map<string, number>()
  return names.map((given, i) => {
    const name = given?.trim() || `column_${i + 1}`
    const before = places.get(name)
    if (before !== undefined) {
      throw unreadable(path, `names columns ${before} and ${i + 1} both '${name}'; rename one of them`)
    }
    places.set(name, i + 1)
    return name
  })
}

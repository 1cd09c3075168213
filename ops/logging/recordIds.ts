// By what names a record is known, so that one row or one star can be followed through all stages.
import { decode, isFusionError, type PlacedRecord, readSurvey, rowOrigin } from '../../schemas/index.ts'

export type RecordIds = Readonly<Record<string, string>>

/** Empty for a tombstone, for topics that repeat what another one says, and for bytes that are no record. */
export function recordIds({ topic, value }: PlacedRecord): RecordIds {
  const read = readers.get(topic)
  if (read === undefined || value === null) return {}
  try {
    return read(value)
  } catch (error) {
    if (isFusionError(error)) return {}
    throw error
  }
}

const readers = new Map<string, (bytes: Uint8Array) => RecordIds>([
  [
    'raw',
    bytes => {
      const row = decode('rawRow', bytes)
      const id = row.cells[readSurvey(row.survey).id.column] ?? ''
      return { origin: rowOrigin(row), source: `${row.survey}:${id}` }
    },
  ],
  [
    'observations',
    bytes => {
      const { observation, spectrum = new Uint8Array() } = decode('sighting', bytes)
      if (spectrum.length > 0) {
        const { file, survey, source } = decode('spectrum', spectrum)
        return { origin: file, source: `${survey}:${source}` }
      }
      const { origin, survey, source } = decode('observation', observation)
      return { origin, source: `${survey}:${source}` }
    },
  ],
  [
    'stars',
    bytes => {
      const { starId, version, sources } = decode('star', bytes)
      return { starId, starVersion: version, sources: sources.map(one => `${one.survey}:${one.source}`).join(' ') }
    },
  ],
  [
    'posteriors',
    bytes => {
      const { starId, starVersion, posteriorId } = decode('posterior', bytes)
      return { starId, starVersion, posteriorId }
    },
  ],
  [
    'dead-letters',
    bytes => {
      const { origin, code, deadLetterId } = decode('deadLetter', bytes)
      return { origin, code, deadLetterId }
    },
  ],
])

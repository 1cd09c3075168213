// A posterior as a table for astronomers' programs: a row for each sample, what is said of all of them as its metadata.
import { type Posterior, quantity, type SampleColumns, sampleColumn } from '../../schemas/index.ts'
import { encodeTable } from '../../streams/index.ts'

export type PosteriorFormat = 'parquet' | 'votable' | 'fits'

/** @returns the bytes of a file of that format */
export function encodePosteriorTable(
  posterior: Posterior,
  samples: SampleColumns,
  format: PosteriorFormat,
): Promise<Buffer> {
  const columns = samples.names.map(name => {
    const { unit, description } = quantity(name)
    return { name, type: 'float', unit, description } as const
  })
  const values = Object.fromEntries(samples.names.map(name => [name, sampleColumn(samples, name)]))
  return encodeTable(`posterior ${posterior.posteriorId}`, format, columns, values, {
    starId: posterior.starId,
    posteriorId: posterior.posteriorId,
    starVersion: posterior.starVersion,
    model: posterior.model,
    seed: posterior.seed.toString(),
    ra: String(posterior.raDeg),
    dec: String(posterior.decDeg),
    classes: JSON.stringify(posterior.classes),
    youngProbability: String(posterior.youngProbability),
    surveys: posterior.surveys.join(' '),
    observables: posterior.observables.join(' '),
    flags: posterior.flags.join(' '),
  })
}

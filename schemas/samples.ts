// Step 4 of the walk: the samples of a posterior as Arrow, one float32 column for each parameter, unit in its field.
import { Field, Float32, makeData, type RecordBatch } from 'apache-arrow'
import { type ArrowFormat, fieldMetadata, readTable, writeTable } from './arrow.ts'
import { FusionError } from './errors.ts'
import { quantity } from './quantities.ts'
import type { Posterior } from './records.ts'

/** Samples drawn together: row i of all columns is one draw. */
export interface SampleColumns {
  /** Quantities, each in the unit of its name. */
  readonly names: readonly string[]
  /** Rows. */
  readonly count: number
  /** [names x count], one column after another. */
  readonly values: Float32Array
}

/** Whose samples they are, and how they were drawn. */
export type SampleOrigin = Pick<Posterior, 'posteriorId' | 'starId' | 'model' | 'seed'>

/** One column, a view. @throws RangeError when there is none of this name */
export function sampleColumn({ names, count, values }: SampleColumns, name: string): Float32Array {
  const column = names.indexOf(name)
  if (column === -1) throw new RangeError(`sampleColumn: no samples of ${name}`)
  return values.subarray(column * count, (column + 1) * count)
}

/** A record of the topic `samples`: an Arrow IPC stream of one batch. The same samples give the same bytes. */
export function encodeSamples({ posteriorId, starId, model, seed }: SampleOrigin, samples: SampleColumns): Uint8Array {
  const metadata = new Map([
    ['record', 'samples'],
    ['posteriorId', posteriorId],
    ['starId', starId],
    ['model', model],
    ['seed', seed.toString()],
  ])
  return writeSamples(samples, metadata, 'stream')
}

/**
 * The samples that an Arrow table holds.
 * @throws FusionError SCHEMA_MISMATCH when the bytes are no Arrow table of float32 columns without nulls, in one batch
 */
export function decodeSamples(bytes: Uint8Array): SampleColumns {
  const { schema, batches } = readTable(bytes, 'samples')
  const names = schema.fields.map(({ name }) => name)
  const columns = batches.length === 1 ? floatColumns(batches[0]) : null
  if (columns === null) {
    throw new FusionError(
      'SCHEMA_MISMATCH',
      `An Arrow table of samples has ${batches.length} batches of ${names.join(', ')}; it must be one, of float32 without nulls. Write it anew.`,
    )
  }
  const count = batches[0].numRows
  const values = new Float32Array(names.length * count)
  for (const [i, column] of columns.entries()) values.set(column, i * count)
  if (!values.every(Number.isFinite)) {
    throw new FusionError('SCHEMA_MISMATCH', 'An Arrow table of samples holds what is no number. Write it anew.')
  }
  return { names, count, values }
}

function floatColumns({ data, numRows }: RecordBatch): readonly Float32Array[] | null {
  const columns = data.children.flatMap(({ values, nullCount }) =>
    values instanceof Float32Array && nullCount === 0 && values.length >= numRows ? [values.subarray(0, numRows)] : [],
  )
  return columns.length === data.children.length ? columns : null
}

/** A posterior with its samples as an Arrow table; its summary of classes and origin in the metadata of the table. */
export function encodePosterior(
  posterior: Posterior,
  samples: SampleColumns,
  format: ArrowFormat = 'file',
): Uint8Array {
  const metadata = new Map([
    ['record', 'posterior'],
    ['posteriorId', posterior.posteriorId],
    ['starId', posterior.starId],
    ['starVersion', posterior.starVersion],
    ['model', posterior.model],
    ['seed', posterior.seed.toString()],
    ['classes', JSON.stringify(posterior.classes)],
    ['youngProbability', String(posterior.youngProbability)],
    ['observables', posterior.observables.join(' ')],
    ['flags', posterior.flags.join(' ')],
  ])
  return writeSamples(samples, metadata, format)
}

/** The samples in a posterior record that was written before they had a topic of their own; `null` where it holds none. */
export function samplesInRecord({ sampleNames: names, sampleCount: count, samples }: Posterior): SampleColumns | null {
  if (samples.length === 0 || samples.length !== 4 * names.length * count) return null
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength)
  const values = Float32Array.from({ length: names.length * count }, (_, i) => view.getFloat32(4 * i, true))
  return { names, count, values }
}

function writeSamples(
  { names, count, values }: SampleColumns,
  metadata: Map<string, string>,
  format: ArrowFormat,
): Uint8Array {
  if (values.length !== names.length * count) {
    throw new RangeError(`writeSamples: ${values.length} values are not ${names.length} x ${count}`)
  }
  const fields = names.map(name => {
    const about = quantity(name)
    return new Field(name, new Float32(), false, fieldMetadata(about, about.description))
  })
  const children = names.map((_, i) =>
    makeData({ type: new Float32(), length: count, nullCount: 0, data: values.subarray(i * count, (i + 1) * count) }),
  )
  return writeTable(fields, children, count, metadata, format)
}

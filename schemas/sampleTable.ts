// The samples of many stars as one Arrow file: a row for each star, a list of float32 for each quantity.
import { Field, Float32, List, makeData, Utf8, vectorFromArray } from 'apache-arrow'
import { fieldMetadata, writeTable } from './arrow.ts'
import { quantity } from './quantities.ts'
import { type SampleColumns, sampleColumn } from './samples.ts'

export interface StarSamples {
  readonly starId: string
  readonly posteriorId: string
  /** `null` where the log holds them no more: a null in each column. */
  readonly samples: SampleColumns | null
}

/**
 * An Arrow file of one uncompressed batch: starId, posteriorId, and a list for each quantity that any star has samples of,
 * in the order in which they come. The same content gives the same bytes.
 */
export function encodeSampleTable(stars: readonly StarSamples[], metadata: ReadonlyMap<string, string>): Uint8Array {
  const names = [...new Set(stars.flatMap(({ samples }) => samples?.names ?? []))]
  const ids = ['starId', 'posteriorId'] as const
  const about = { starId: 'Id of the star.', posteriorId: 'Id of its posterior.' }
  const item = new Field('item', new Float32(), false)
  const fields: Field[] = [
    ...ids.map(id => new Field(id, new Utf8(), false, new Map([['description', about[id]]]))),
    ...names.map(name => {
      const { description } = quantity(name)
      return new Field(name, new List(item), true, fieldMetadata(quantity(name), `samples of ${description}`))
    }),
  ]
  const children = [
    ...ids.map(
      id =>
        vectorFromArray(
          stars.map(star => star[id]),
          new Utf8(),
        ).data[0] ?? makeData({ type: new Utf8(), length: 0 }),
    ),
    ...names.map(name => listsOf(stars, name, item)),
  ]
  return writeTable(fields, children, stars.length, new Map(metadata), 'file')
}

function listsOf(stars: readonly StarSamples[], name: string, item: Field<Float32>) {
  const lists = stars.map(({ samples }) => (samples?.names.includes(name) ? sampleColumn(samples, name) : null))
  const valueOffsets = new Int32Array(stars.length + 1)
  const nullBitmap = new Uint8Array(Math.ceil(stars.length / 8))
  let nullCount = 0
  lists.forEach((list, i) => {
    valueOffsets[i + 1] = valueOffsets[i] + (list?.length ?? 0)
    if (list === null) nullCount++
    else nullBitmap[i >> 3] |= 1 << (i & 7)
  })
  const data = new Float32Array(valueOffsets[stars.length])
  lists.forEach((list, i) => {
    if (list !== null) data.set(list, valueOffsets[i])
  })
  const child = makeData({ type: item.type, length: data.length, nullCount: 0, data })
  return makeData({ type: new List(item), length: stars.length, nullCount, nullBitmap, valueOffsets, child })
}

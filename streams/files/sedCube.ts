// A grid of model spectra as its authors publish it: flux.fits, models by apertures by wavelengths, and parameters.fits beside it. Such a cube
// may have many gigabytes: each spectrum is read where it lies.
import { join } from 'node:path'
import { ByteCursor } from './byteCursor.ts'
import { type ByteSource, openByteSource } from './byteSource.ts'
import { defaultFileLimits } from './fileLimits.ts'
import { FITS_BLOCK_BYTES, type FitsUnit, fitsInteger, readFitsUnit } from './fitsHeader.ts'
import type { ColumnType, Row } from './table.ts'
import { openTable } from './tableReader.ts'
import { unreadable } from './unreadableFile.ts'

const MOST_WAVELENGTHS = 100_000
const NAMES_PER_READ = 4096
/** Whose parameters are held in memory at once; the largest published set has 720,000. */
const MOST_MODELS = 2_000_000
const numbers: readonly ColumnType[] = ['int', 'float', 'double']

export interface SedCube {
  readonly path: string
  readonly modelCount: number
  /** Ascending, micron. */
  readonly wavelengthsUm: Float64Array
  /** As in the file; one of 0 where all of the light is meant. */
  readonly aperturesAu: Float64Array
  /** At which the models are seen, cm. */
  readonly distanceCm: number
  /**
   * @param model from 0
   * @returns the name and the parameters of a model
   * @throws FusionError FILE_UNREADABLE where the two files disagree on it
   */
  parameters(model: number): Promise<Row>
  /**
   * One spectrum, mJy at `distanceCm`, in the order of `wavelengthsUm`.
   * @param out [wavelengths]
   * @returns false where the model is not valid or has a hole there
   * @throws RangeError when there is no such model or aperture
   */
  fluxInto(model: number, aperture: number, out: Float64Array): Promise<boolean>
  /** The same at once, for who cannot wait: a disk is waited for with the thread. */
  fluxNow(model: number, aperture: number, out: Float64Array): boolean
  /**
   * The parameters of all models, column by column; NaN where one is no number.
   * @throws FusionError FILE_UNREADABLE where the two files disagree on a model
   */
  parameterColumns(): Promise<ReadonlyMap<string, Float64Array>>
  /** The number of a model. @throws FusionError FILE_UNREADABLE when there is none of that name */
  find(name: string): Promise<number>
  close(): Promise<void>
}

/**
 * Opens the cube of one model set.
 *
 * @param folder with `flux.fits` and `parameters.fits`, as in the sets of Robitaille 2017 and Richardson+ 2024
 * @throws FusionError FILE_UNREADABLE when a file is missing, cut short, or not of this layout
 */
export async function openSedCube(folder: string): Promise<SedCube> {
  const path = join(folder, 'flux.fits')
  const source = await openByteSource(path, defaultFileLimits)
  try {
    return await openCube(source, join(folder, 'parameters.fits'))
  } catch (error) {
    await source.close()
    throw error
  }
}

async function openCube(source: ByteSource, parametersPath: string): Promise<SedCube> {
  const { path } = source
  const units = await readUnits(source)
  const unit = (name: string): FitsUnit => {
    const found = units.get(name)
    if (found === undefined)
      throw unreadable(path, `has no extension ${name}: it is cut short, or no cube of a model set; fetch it again`)
    return found
  }
  const values = unit('VALUES')
  const shape = [3, 2, 1].map(axis => fitsInteger(values.header, `NAXIS${axis}`, 0, path))
  const [modelCount, apertureCount, wavelengthCount] = shape
  const bits = fitsInteger(values.header, 'BITPIX', 0, path)
  if (fitsInteger(values.header, 'NAXIS', 0, path) !== 3 || (bits !== -32 && bits !== -64) || shape.includes(0)) {
    throw unreadable(path, `has VALUES that are no cube of floats by model, aperture and wavelength; fetch it again`)
  }
  const flux = values.header.values.get('BUNIT') ?? ''
  if (flux !== 'mJy') throw unreadable(path, `has fluxes in '${flux}', not in mJy; write it again`)
  const wavelengths = await readColumn(path, 'SPECTRAL_INFO', 'WAVELENGTH', ['um', 'micron', 'microns'])
  const aperturesAu = units.has('APERTURES')
    ? Float64Array.from(await readColumn(path, 'APERTURES', 'APERTURE', ['au', 'AU']))
    : Float64Array.of(0)
  const names = unit('MODEL_NAMES')
  const nameBytes = fitsInteger(names.header, 'NAXIS1', 0, path)
  const counted = [fitsInteger(names.header, 'NAXIS2', 0, path), aperturesAu.length, wavelengths.length]
  if (counted.some((count, axis) => count !== shape[axis])) {
    throw unreadable(
      path,
      `has a cube of ${shape.join(' x ')} values for ${counted[0]} models, ${counted[1]} apertures and ${counted[2]} wavelengths; fetch it again`,
    )
  }
  const valueBytes = Math.abs(bits) / 8
  const rowBytes = wavelengthCount * valueBytes
  const end = values.dataStart + modelCount * apertureCount * rowBytes
  const sizeBytes = await source.size()
  if (sizeBytes < end) throw unreadable(path, `is cut short: ${sizeBytes} bytes of ${end}; fetch the file again`)
  const distanceCm = Number(unit('PRIMARY').header.values.get('DISTANCE'))
  if (!(distanceCm > 0)) throw unreadable(path, 'does not say at which distance its models are; fetch it again')
  const isFalling = wavelengths[0] > wavelengths[wavelengthCount - 1]
  const wavelengthsUm = Float64Array.from(isFalling ? [...wavelengths].reverse() : wavelengths)
  if (wavelengthsUm.some((um, i) => !(um > (i === 0 ? 0 : wavelengthsUm[i - 1])))) {
    throw unreadable(path, 'has wavelengths out of order; fetch it again')
  }
  const validity = unit('PRIMARY')
  const validBytes = Math.abs(fitsInteger(validity.header, 'BITPIX', 8, path)) / 8
  const isListed = validity.dataBytes === modelCount * validBytes
  const parameters = await openTable(parametersPath)
  if (parameters.rowCount !== modelCount) {
    await parameters.close()
    throw unreadable(parametersPath, `has ${parameters.rowCount} models, flux.fits ${modelCount}; fetch both again`)
  }

  const assertModel = (model: number) => {
    if (!Number.isInteger(model) || model < 0 || model >= modelCount)
      throw new RangeError(`SedCube: no model ${model} of ${modelCount}`)
  }
  const nameAt = (bytes: Buffer, at: number) => bytes.toString('latin1', at, at + nameBytes).replace(/[\0 ]+$/, '')
  const assertSame = (row: Row, name: string, model: number) => {
    const other = String(row.MODEL_NAME ?? '').trimEnd()
    if (other === name) return
    throw unreadable(parametersPath, `has model ${other} in row ${model + 1}, flux.fits ${name}; fetch both again`)
  }
  /** Where a spectrum begins. */
  const placeOf = (model: number, aperture: number, out: Float64Array): number => {
    assertModel(model)
    if (!Number.isInteger(aperture) || aperture < 0 || aperture >= apertureCount)
      throw new RangeError(`SedCube: no aperture ${aperture} of ${apertureCount}`)
    if (out.length !== wavelengthCount)
      throw new RangeError(`SedCube: room for ${out.length} wavelengths, not ${wavelengthCount}`)
    return values.dataStart + (model * apertureCount + aperture) * rowBytes
  }
  const isVoid = (flag: Buffer) => flag.every(byte => byte === 0)
  const decode = (bytes: Buffer, model: number, out: Float64Array): boolean => {
    if (bytes.length < rowBytes) throw unreadable(path, `is cut short at model ${model + 1}; fetch the file again`)
    for (let i = 0; i < wavelengthCount; i++) {
      const at = i * valueBytes
      const value = valueBytes === 4 ? bytes.readFloatBE(at) : bytes.readDoubleBE(at)
      if (!Number.isFinite(value)) return false
      out[isFalling ? wavelengthCount - 1 - i : i] = value
    }
    return true
  }

  return {
    path,
    modelCount,
    wavelengthsUm,
    aperturesAu,
    distanceCm,
    async parameters(model) {
      assertModel(model)
      const name = nameAt(await source.readAt(names.dataStart + model * nameBytes, nameBytes), 0)
      for await (const batch of parameters.batches({ startRow: model + 1, batchRows: 1 })) {
        const row = batch.rows[0]
        if (row === undefined) break
        assertSame(row, name, model)
        return row
      }
      throw unreadable(parametersPath, `has no row ${model + 1}; fetch the file again`)
    },
    async fluxInto(model, aperture, out) {
      const start = placeOf(model, aperture, out)
      if (isListed && isVoid(await source.readAt(validity.dataStart + model * validBytes, validBytes))) return false
      return decode(await source.readAt(start, rowBytes), model, out)
    },
    fluxNow(model, aperture, out) {
      const start = placeOf(model, aperture, out)
      if (isListed && isVoid(source.readNow(validity.dataStart + model * validBytes, validBytes))) return false
      return decode(source.readNow(start, rowBytes), model, out)
    },
    async parameterColumns() {
      if (modelCount > MOST_MODELS) throw unreadable(path, `has over ${MOST_MODELS} models; take a set at a time`)
      const numeric = parameters.columns.filter(({ type, arraySize }) => arraySize === null && numbers.includes(type))
      const columns = new Map(numeric.map(({ name }) => [name, new Float64Array(modelCount).fill(Number.NaN)]))
      let model = 0
      for await (const { rows } of parameters.batches()) {
        const bytes = await source.readAt(names.dataStart + model * nameBytes, rows.length * nameBytes)
        rows.forEach((row, k) => {
          assertSame(row, nameAt(bytes, k * nameBytes), model)
          for (const [name, values] of columns) {
            const value = row[name]
            if (typeof value === 'number') values[model] = value
          }
          model++
        })
      }
      if (model < modelCount) throw unreadable(parametersPath, `has no row ${model + 1}; fetch the file again`)
      return columns
    },
    async find(name) {
      for (let first = 0; first < modelCount; first += NAMES_PER_READ) {
        const count = Math.min(NAMES_PER_READ, modelCount - first)
        const bytes = await source.readAt(names.dataStart + first * nameBytes, count * nameBytes)
        for (let k = 0; k < count; k++) if (nameAt(bytes, k * nameBytes) === name) return first + k
      }
      throw unreadable(path, `has no model '${name}'; its names are in the column MODEL_NAME of parameters.fits`)
    },
    async close() {
      await parameters.close()
      await source.close()
    },
  }
}

/** Every unit of the file by its name. */
async function readUnits(source: ByteSource): Promise<ReadonlyMap<string, FitsUnit>> {
  const units = new Map<string, FitsUnit>()
  const cursor = new ByteCursor(source)
  try {
    for (;;) {
      const unit = await readFitsUnit(cursor, source)
      if (unit === null) break
      units.set(units.size === 0 ? 'PRIMARY' : (unit.header.values.get('EXTNAME') ?? '').toUpperCase(), unit)
      await cursor.skip(Math.ceil(unit.dataBytes / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES)
    }
  } finally {
    await cursor.close()
  }
  if (units.size === 0) throw unreadable(source.path, "is no FITS file; name the folder of a grid's model set")
  return units
}

/** A column of numbers in a unit, from a small table of the file. */
async function readColumn(path: string, hdu: string, name: string, known: readonly string[]): Promise<number[]> {
  const table = await openTable(path, { hdu })
  try {
    const column = table.columns.find(one => one.name === name)
    if (column === undefined) throw unreadable(path, `has no column ${name} in ${hdu}; fetch it again`)
    if (!known.includes(column.unit ?? '')) {
      throw unreadable(path, `has ${name} in '${column.unit ?? ''}', not in ${known[0]}; write it again`)
    }
    const found: number[] = []
    for await (const batch of table.batches()) {
      for (const row of batch.rows) {
        const value = row[name]
        if (typeof value !== 'number') throw unreadable(path, `has a hole in ${name} of ${hdu}; fetch it again`)
        found.push(value)
        if (found.length > MOST_WAVELENGTHS) throw unreadable(path, `has over ${MOST_WAVELENGTHS} rows in ${hdu}`)
      }
    }
    return found
  } finally {
    await table.close()
  }
}

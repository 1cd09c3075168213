// Reads the model spectra of this folder: 16-bit steps below each spectrum's peak, packed, beside a JSON header with the nodes.
import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { packageFile } from '../../schemas/index.ts'

export interface SpectraFile {
  /** Nodes of [Fe/H] in dex, effective temperature in K and log g in dex, each ascending. */
  readonly axes: readonly [Float64Array, Float64Array, Float64Array]
  /** [node] Row of each node in `logFlux`, row-major in the axes; -1 where the source has no sound spectrum. */
  readonly rows: Int32Array
  /** [row][width] log10 of the mean surface F_lambda in erg/s/cm2/A, behind it the details, log10 as well. */
  readonly logFlux: Float32Array
  readonly width: number
}

interface Header {
  readonly stepsPerDex: number
  readonly detailStepsPerDex: number
  readonly axes: readonly { readonly name: string; readonly values: readonly number[] }[]
  /** One character a node: 1 where there is a spectrum. */
  readonly nodes: string
  /** Of each spectrum that there is. */
  readonly peaks: readonly number[]
}

/**
 * Reads the spectra of a family, and from the file of its details what narrow bands see beyond them.
 *
 * @param binCount wavelengths of each spectrum
 * @param detailCount details of each
 * @throws RangeError when the packed numbers do not fill what the header promises
 *
 * Accuracy: steps of 0.00025 dex, of details 0.00005; what lies more than 16.4 dex below the peak stays there.
 */
export function loadSpectra(family: string, binCount: number, detailCount: number): SpectraFile {
  const name = `${family}Spectra`
  const file = (ending: string) => packageFile('models', 'grids', `${family}${ending}`)
  const header = JSON.parse(readFileSync(file('Spectra.json'), 'utf8')) as Header
  const [fehDex, teffK, loggDex] = header.axes.map(axis => Float64Array.from(axis.values))
  const count = header.peaks.length
  let filled = 0
  const rows = Int32Array.from(header.nodes, node => (node === '1' ? filled++ : -1))
  if (rows.length !== fehDex.length * teffK.length * loggDex.length || filled !== count)
    throw new RangeError(`loadSpectra: ${name}.json has ${rows.length} nodes and ${count} peaks, its axes and nodes differ`)
  const width = binCount + detailCount
  const logFlux = new Float32Array(count * width)
  const steps = unpackSteps(file('Spectra.bin.br'), count, binCount)
  for (let row = 0; row < count; row++)
    for (let i = 0; i < binCount; i++)
      logFlux[row * width + i] = header.peaks[row] - steps[row * binCount + i] / header.stepsPerDex
  // Details go detail by detail, each from row to row.
  const details = new Int16Array(unpackSteps(file('Details.bin.br'), detailCount, count).buffer)
  for (let i = 0; i < detailCount; i++)
    for (let row = 0; row < count; row++)
      logFlux[row * width + binCount + i] = details[i * count + row] / header.detailStepsPerDex
  return { axes: [fehDex, teffK, loggDex], rows, logFlux, width }
}

/** Low bytes first, then high ones; along a line each number is the change from the one before. */
function unpackSteps(path: string, lines: number, length: number): Uint16Array {
  const half = lines * length
  const bytes = unpack(path, half * 2)
  const steps = new Uint16Array(half)
  for (let i = 0; i < half; i++)
    steps[i] = (i % length === 0 ? 0 : steps[i - 1]) + bytes[i] + 256 * bytes[half + i]
  return steps
}

function unpack(path: string, expectedBytes: number): Buffer {
  let bytes: Buffer
  try {
    bytes = brotliDecompressSync(readFileSync(path), { maxOutputLength: expectedBytes })
  } catch (cause) {
    throw new RangeError(`loadSpectra: ${path} is cut short or is not what its header says`, { cause })
  }
  if (bytes.byteLength !== expectedBytes)
    throw new RangeError(`loadSpectra: ${path} unpacks to ${bytes.byteLength} bytes, its header says ${expectedBytes}`)
  return bytes
}

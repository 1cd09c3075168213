// Reads the model spectra of this folder: 16-bit steps below each spectrum's peak, packed, beside a JSON header with the nodes.
import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { packageFile } from '../../schemas/index.ts'

export interface SpectraFile {
  /** Nodes of [Fe/H] in dex, effective temperature in K and log g in dex, each ascending. */
  readonly axes: readonly [Float64Array, Float64Array, Float64Array]
  /** [node] Row of each node in `logFlux`, row-major in the axes; -1 where the source has no sound spectrum. */
  readonly rows: Int32Array
  /** [row][width] log10 of the mean surface F_lambda in erg/s/cm2/A. */
  readonly logFlux: Float32Array
  readonly width: number
}

interface Header {
  readonly stepsPerDex: number
  readonly axes: readonly { readonly name: string; readonly values: readonly number[] }[]
  /** One character a node: 1 where there is a spectrum. */
  readonly nodes: string
  /** Of each spectrum that there is. */
  readonly peaks: readonly number[]
}

/**
 * @param width wavelengths of each spectrum
 * @throws RangeError when the packed numbers do not fill what the header promises
 *
 * Accuracy: steps of 0.00025 dex; what lies more than 16.4 dex below the peak stays there.
 */
export function loadSpectra(name: string, width: number): SpectraFile {
  const file = (ending: string) => packageFile('models', 'grids', `${name}${ending}`)
  const header = JSON.parse(readFileSync(file('.json'), 'utf8')) as Header
  const [fehDex, teffK, loggDex] = header.axes.map(axis => Float64Array.from(axis.values))
  const count = header.peaks.length
  let filled = 0
  const rows = Int32Array.from(header.nodes, node => (node === '1' ? filled++ : -1))
  if (rows.length !== fehDex.length * teffK.length * loggDex.length || filled !== count)
    throw new RangeError(`loadSpectra: ${name}.json has ${rows.length} nodes and ${count} peaks, its axes and nodes differ`)
  const bytes = unpack(file('.bin.br'), count * width * 2)
  const logFlux = new Float32Array(count * width)
  // Low bytes first, then high ones; along a spectrum each number is the change from the one before.
  const half = count * width
  for (let row = 0; row < count; row++) {
    let steps = 0
    for (let i = row * width; i < (row + 1) * width; i++) {
      steps = (steps + bytes[i] + 256 * bytes[half + i]) & 0xffff
      logFlux[i] = header.peaks[row] - steps / header.stepsPerDex
    }
  }
  return { axes: [fehDex, teffK, loggDex], rows, logFlux, width }
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

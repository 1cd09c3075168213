// Completes each family of model spectra to a full table, so that interpolation blends where one grid ends and another goes on.
import { C2_UM_K } from '../../../schemas/index.ts'
import { loadSpectra, type SpectraFile } from '../../grids/spectraFile.ts'
import { placeOn } from '../../math/grid.ts'
import { SPECTRUM_WIDTH } from './narrowBands.ts'
import { BIN_COUNT, binCentresUm } from './wavelengths.ts'

export const atmosphereFamilies = ['btSettl', 'kurucz', 'phoenix'] as const
export type AtmosphereFamily = (typeof atmosphereFamilies)[number]

export interface AtmosphereTable {
  readonly fehDex: Float64Array
  readonly teffK: Float64Array
  readonly loggDex: Float64Array
  /** [feh][teff][logg][328] natural logarithm of F_lambda in erg/s/cm2/A in the bins, then the details of narrow bands. */
  readonly lnFlux: Float32Array
  /** [feh][teff][logg] Where the spectrum of a node comes from: place in `nodeSources`. */
  readonly sources: Uint8Array
}

/** A family's own spectrum; one of its own of a gravity nearby; another family's; a black body. */
export const nodeSources = ['own', 'nearGravity', 'otherFamily', 'blackBody'] as const
const [OWN, NEAR_GRAVITY, OTHER_FAMILY, BLACK_BODY] = [0, 1, 2, 3]

/** Beyond the last model atmospheres. */
const blackBodyTeffK = [70_000, 100_000, 150_000]
/** Denser stars than any model of these grids are black bodies from here on. */
export const BLACK_BODY_LOGG_DEX = 6.5
/** A missing gravity is stood in for by one as far as this. */
const NEAR_DEX = 1
/** Hotter than this BT-Settl as packed loses flux, and PHOENIX ends. */
const HOT_TEFF_K = 12_000
const DETAIL_COUNT = SPECTRUM_WIDTH - BIN_COUNT

/** Planck: natural log of the surface F_lambda in erg/s/cm2/A; 3.74e7 is 2 pi h c^2 in erg/s/cm2/A um^5. */
export function lnBlackBody(teffK: number, wavelengthUm: number): number {
  const x = C2_UM_K / (wavelengthUm * teffK)
  // ln(e^x - 1), written so that neither a large nor a small x loses digits.
  return Math.log(3.741771852e7) - 5 * Math.log(wavelengthUm) - (x + Math.log(-Math.expm1(-x)))
}

type Spectrum = Float32Array | undefined

/** Spectrum of a file at exactly these nodes, as log10. */
function rowAt(file: SpectraFile, fehDex: number, teffK: number, loggDex: number): Spectrum {
  const [feh, teff, logg] = file.axes.map((axis, i) => axis.indexOf([fehDex, teffK, loggDex][i]))
  if (feh < 0 || teff < 0 || logg < 0) return undefined
  const row = file.rows[(feh * file.axes[1].length + teff) * file.axes[2].length + logg]
  return row < 0 ? undefined : file.logFlux.subarray(row * file.width, (row + 1) * file.width)
}

/** The same at any temperature between the nodes, linear in 1 / Teff. */
function spectrumAt(file: SpectraFile, fehDex: number, teffK: number, loggDex: number): Spectrum {
  const axis = file.axes[1]
  const place = placeOn(axis, teffK)
  if (place < 0) return undefined
  const low = Math.floor(place)
  const cool = rowAt(file, fehDex, axis[low], loggDex)
  if (place === low) return cool
  const hot = rowAt(file, fehDex, axis[low + 1], loggDex)
  if (cool === undefined || hot === undefined) return undefined
  const w = (1 / teffK - 1 / axis[low]) / (1 / axis[low + 1] - 1 / axis[low])
  return cool.map((value, i) => value * (1 - w) + hot[i] * w)
}

function nearGravity(file: SpectraFile, fehDex: number, teffK: number, loggDex: number): Spectrum {
  let best: Spectrum
  let distance = NEAR_DEX + 1e-9
  for (const other of file.axes[2]) {
    if (Math.abs(other - loggDex) >= distance) continue
    const found = spectrumAt(file, fehDex, teffK, other)
    if (found === undefined) continue
    best = found
    distance = Math.abs(other - loggDex)
  }
  return best
}

interface Files {
  readonly kurucz: SpectraFile
  readonly btSettl: SpectraFile
  readonly phoenix: SpectraFile
}

let files: Files | undefined

function loadFiles(): Files {
  files ??= {
    kurucz: loadSpectra('kurucz', BIN_COUNT, DETAIL_COUNT),
    btSettl: loadSpectra('btSettl', BIN_COUNT, DETAIL_COUNT),
    phoenix: loadSpectra('phoenix', BIN_COUNT, DETAIL_COUNT),
  }
  return files
}

/**
 * BT-Settl is sound at the Sun's abundance alone; others have PHOENIX's change with abundance added, of the same temperature and gravity
 * where there is such a model, else of the nearest.
 */
function btSettlAt(all: Files, fehDex: number, teffK: number, loggDex: number, near: boolean): Spectrum {
  const solar = (near ? nearGravity : spectrumAt)(all.btSettl, 0, teffK, loggDex)
  if (solar === undefined || fehDex === 0) return solar
  const modelled = Math.max(teffK, all.phoenix.axes[1][0])
  for (const file of [all.phoenix, all.kurucz]) {
    const there = nearGravity(file, fehDex, modelled, loggDex)
    const sun = nearGravity(file, 0, modelled, loggDex)
    if (there !== undefined && sun !== undefined) return solar.map((value, i) => value + there[i] - sun[i])
  }
  return solar
}

function familyAt(
  all: Files,
  family: AtmosphereFamily,
  fehDex: number,
  teffK: number,
  loggDex: number,
  near: boolean,
): Spectrum {
  if (family === 'btSettl') return btSettlAt(all, fehDex, teffK, loggDex, near)
  return (near ? nearGravity : spectrumAt)(all[family], fehDex, teffK, loggDex)
}

function fillNode(all: Files, family: AtmosphereFamily, fehDex: number, teffK: number, loggDex: number) {
  if (loggDex < BLACK_BODY_LOGG_DEX) {
    // Cool stars go over to BT-Settl, hot ones to ATLAS9.
    const others = (teffK <= HOT_TEFF_K ? (['btSettl', 'phoenix', 'kurucz'] as const) : (['kurucz'] as const)).filter(
      other => other !== family,
    )
    for (const near of [false, true]) {
      const own = familyAt(all, family, fehDex, teffK, loggDex, near)
      if (own !== undefined) return { spectrum: own, source: near ? NEAR_GRAVITY : OWN }
      for (const other of others) {
        const found = familyAt(all, other, fehDex, teffK, loggDex, near)
        if (found !== undefined) return { spectrum: found, source: OTHER_FAMILY }
      }
    }
  }
  return { spectrum: undefined, source: BLACK_BODY }
}

const completed = new Map<AtmosphereFamily, AtmosphereTable>()

/** The table of a family with every node filled; built at the first call, 11 MB. */
export function completeTable(family: AtmosphereFamily): AtmosphereTable {
  const known = completed.get(family)
  if (known !== undefined) return known
  const all = loadFiles()
  const own = all[family].axes[1]
  const teffK = Float64Array.from([
    ...all.btSettl.axes[1].filter(teff => teff < own[0]),
    ...own,
    ...all.kurucz.axes[1].filter(teff => teff > own[own.length - 1]),
    ...blackBodyTeffK,
  ])
  const fehDex = all.kurucz.axes[0]
  const loggDex = Float64Array.from([...all.kurucz.axes[2], BLACK_BODY_LOGG_DEX])
  const count = fehDex.length * teffK.length * loggDex.length
  const lnFlux = new Float32Array(count * SPECTRUM_WIDTH)
  const sources = new Uint8Array(count)
  let node = 0
  for (const feh of fehDex)
    for (const teff of teffK)
      for (const logg of loggDex) {
        const { spectrum, source } = fillNode(all, family, feh, teff, logg)
        sources[node] = source
        const row = lnFlux.subarray(node * SPECTRUM_WIDTH, (node + 1) * SPECTRUM_WIDTH)
        // A black body is smooth: it has no details.
        if (spectrum) for (let i = 0; i < SPECTRUM_WIDTH; i++) row[i] = spectrum[i] * Math.LN10
        else for (let i = 0; i < BIN_COUNT; i++) row[i] = lnBlackBody(teff, binCentresUm[i])
        node++
      }
  const table = { fehDex, teffK, loggDex, lnFlux, sources }
  completed.set(family, table)
  return table
}

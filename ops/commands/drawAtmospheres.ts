// `birthline draw atmospheres`: one star by the libraries of model atmospheres, and by a table of BaSeL's colours.
import { resolve } from 'node:path'
import {
  type AtmosphereFamily,
  atmosphereRange,
  binCentresUm,
  type ColourTable,
  type CorrectionRow,
  colourBands,
  createAtmospheres,
  createColourTable,
  createSyntheticPhotometry,
  extinctionLaw,
  extinctionLawNames,
  loadPassbands,
  type PhotometricStar,
  passbandIndices,
} from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { openTable, writeTextFile } from '../../streams/index.ts'
import { type AtmospherePlotInput, atmospherePlot, type LibraryColours } from '../figures/atmospherePlot.ts'
import { type CommandCode, exitCodes, type OptionValues } from './commandLine.ts'
import { checkNamedFiles } from './namedFiles.ts'

const families = [
  ['kurucz', 'Kurucz'],
  ['btSettl', 'BT-Settl'],
  ['phoenix', 'PHOENIX'],
] as const satisfies readonly (readonly [AtmosphereFamily, string])[]
const shown = colourBands.filter(([column]) => column !== 'V')
const bandNames = colourBands.map(([, band]) => band)
const V = bandNames.indexOf('johnsonVMag')
const K = bandNames.indexOf('ksMag')
const ANGSTROM_PER_UM = 1e4
/** Of the sequence of V - K. */
const STEP_DEX = 0.01
const MOST_ROWS = 200_000
const photometry = createSyntheticPhotometry()
const indices = passbandIndices(bandNames)

export const drawAtmospheres: CommandCode = async (line, _args, values) => {
  const { terminal, signal, workingFolder } = line
  const star = readStar(values)
  const logTeffDex = Math.log10(star.teffK)
  const path = resolve(workingFolder, String(values.out))
  const baselPath = typeof values.basel === 'string' ? resolve(workingFolder, values.basel) : null
  await checkNamedFiles([
    { what: '--out', path, isWritten: true },
    ...(baselPath === null ? [] : [{ what: '--basel', path: baselPath, isWritten: false }]),
  ])
  const basel = baselPath === null ? null : createColourTable(await readCorrections(baselPath, signal))
  const libraries: LibraryColours[] = families.map(([family, name]) => ({
    name,
    colours: coloursOf({ ...star, family }),
    sequence: sequenceOf(changed => coloursOf({ ...changed, family }), star),
  }))
  const ofBasel = (changed: PhotometricStar) => baselColours(basel, changed)
  const baselHere = ofBasel(star)
  if (basel !== null) libraries.push({ name: 'BaSeL', colours: baselHere, sequence: sequenceOf(ofBasel, star) })
  const visible = (colours: readonly number[] | null) => colours?.filter((_, b) => b !== V) ?? null
  const { loggDex, fehDex, avMag, rv, law } = star
  const input: AtmospherePlotInput = {
    title: `A star of ${Math.round(star.teffK)} K by ${libraries.map(library => library.name).join(', ')}`,
    subtitle: `log T_eff ${logTeffDex.toFixed(3)}, log g ${loggDex}, [Fe/H] ${fehDex}, A_V ${avMag} mag by ${law}, R_V ${rv}`,
    notes:
      basel === null
        ? []
        : [
            "BaSeL: points stand on Kurucz's V, behind the dust as Kurucz sees it; its J, H, K are Bessell & Brett's, 0.02 to 0.05 mag from 2MASS.",
          ],
    bands: shown.map(([column]) => column),
    logTeffDex,
    spectra: families.map(([family, name]) => ({ name, points: spectrumOf({ ...star, family }) })),
    colours: libraries.map(library => ({ ...library, colours: visible(library.colours) })),
    points: baselHere === null ? [] : pointsOf(baselHere, star),
  }
  await writeTextFile(path, atmospherePlot(input))
  const report = input.colours.map(({ name, colours }) => ({
    name,
    colours: colours && Object.fromEntries(input.bands.map((band, b) => [`V-${band}`, Number(colours[b].toFixed(4))])),
  }))
  if (terminal.isJson) await terminal.print(JSON.stringify({ path, colours: report }))
  else {
    for (const { name, colours } of report) {
      const text = colours && Object.entries(colours).map(([colour, mag]) => `${colour} ${mag.toFixed(3)}`)
      await terminal.print(`${name}: ${text?.join(', ') ?? 'has no such star'}`)
    }
    await terminal.print(`Figure: ${path}`)
  }
  return exitCodes.ok
}

function readStar(values: OptionValues): PhotometricStar {
  const law = extinctionLawNames.find(name => name === values.law)
  if (law === undefined)
    throw new FusionError('CONFIG_INVALID', `--law is "${values.law}": it must be ${extinctionLawNames.join(', ')}.`)
  const number = (name: string, text: string | boolean | undefined, [low, high]: readonly [number, number]) => {
    const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
    if (!(value >= low && value <= high))
      throw new FusionError('CONFIG_INVALID', `${name} is "${text}": it must be a number from ${low} to ${high}.`)
    return value
  }
  return {
    family: 'kurucz',
    teffK: 10 ** number('--log-teff', values.logTeff, [3.302, 4.69]),
    loggDex: number('--logg', values.logg, [0, 6]),
    fehDex: number('--feh', values.feh, atmosphereRange.fehDex),
    avMag: number('--av', values.av, [0, 30]),
    rv: number('--rv', values.rv, extinctionLaw(law).rvRange),
    radiusRsun: 1,
    distancePc: 10,
    law,
  }
}

function magnitudesOf(star: PhotometricStar): Float64Array | null {
  const out = new Float64Array(indices.length)
  return photometry.magnitudesInto(star, indices, out) ? out : null
}

/** V - X for each of `colourBands`. */
function coloursOf(star: PhotometricStar): readonly number[] | null {
  const magnitudes = magnitudesOf(star)
  return magnitudes && Array.from(magnitudes, magnitude => magnitudes[V] - magnitude)
}

/** BaSeL's own colours, reddened as those of Kurucz are. */
function baselColours(basel: ColourTable | null, star: PhotometricStar): readonly number[] | null {
  const bare = basel?.coloursAt(star.teffK, star.loggDex, star.fehDex) ?? null
  const [dimmed, clear] = [coloursOf(star), coloursOf({ ...star, avMag: 0 })]
  if (bare === null || dimmed === null || clear === null) return null
  return bare.map((colour, b) => colour + dimmed[b] - clear[b])
}

type Sequence = { readonly logTeffDex: number; readonly colour: number }[]

function sequenceOf(coloursAt: (star: PhotometricStar) => readonly number[] | null, star: PhotometricStar): Sequence {
  const points: Sequence = []
  for (let k = 0; k <= 120; k++) {
    const logTeffDex = 3.4 + k * STEP_DEX
    const colours = coloursAt({ ...star, teffK: 10 ** logTeffDex })
    if (colours !== null) points.push({ logTeffDex, colour: colours[K] })
  }
  return points
}

function spectrumOf(star: PhotometricStar) {
  const flux = new Float64Array(binCentresUm.length)
  createAtmospheres().surfaceFluxInto(star.family, star.teffK, star.loggDex, star.fehDex, flux)
  const law = extinctionLaw(star.law)
  return Array.from(flux, (f, i) => {
    const wavelengthUm = binCentresUm[i]
    const dimming = 10 ** (-0.4 * star.avMag * law.ratio(wavelengthUm, star.rv))
    return { wavelengthUm, power: f * dimming * wavelengthUm * ANGSTROM_PER_UM }
  })
}

/** lambda F_lambda that belongs to BaSeL's colours, if its V is that of the star by Kurucz. */
function pointsOf(colours: readonly number[], star: PhotometricStar) {
  const magnitudes = magnitudesOf(star)
  const spectrum = spectrumOf(star)
  const passbands = loadPassbands()
  if (magnitudes === null) return []
  return bandNames.map((_, b) => {
    const wavelengthUm = passbands[indices[b]].pivotUm
    // Kurucz's own flux in the band's middle, moved by how much BaSeL is brighter in it.
    const brighterMag = magnitudes[b] - (magnitudes[V] - colours[b])
    const near = spectrum.reduce((best, point) =>
      Math.abs(point.wavelengthUm - wavelengthUm) < Math.abs(best.wavelengthUm - wavelengthUm) ? point : best,
    )
    return { wavelengthUm, power: near.power * 10 ** (0.4 * brighterMag) }
  })
}

async function readCorrections(path: string, signal: AbortSignal): Promise<CorrectionRow[]> {
  const table = await openTable(path)
  try {
    const needed = ['teff', 'logg', 'feh', ...colourBands.map(([column]) => column)]
    const missing = needed.filter(name => !table.columns.some(column => column.name === name))
    if (missing.length > 0)
      throw new FusionError(
        'CONFIG_INVALID',
        `${path} has no column ${missing.join(', ')}: --basel needs teff, logg, feh and the bolometric corrections B, V, R, I, J, H, K.`,
      )
    const rows: CorrectionRow[] = []
    for await (const batch of table.batches({ signal })) {
      for (const row of batch.rows) {
        const [teffK, loggDex, fehDex, ...corrections] = needed.map(name => {
          const cell = row[name]
          if (typeof cell === 'string' && cell.trim() !== '') return Number(cell)
          return typeof cell === 'number' ? cell : Number.NaN
        })
        if ([teffK, loggDex, fehDex, ...corrections].every(Number.isFinite))
          rows.push({ teffK, loggDex, fehDex, corrections })
      }
      if (rows.length > MOST_ROWS) break
    }
    if (rows.length === 0 || rows.length > MOST_ROWS)
      throw new FusionError(
        'CONFIG_INVALID',
        `${path} has ${rows.length === 0 ? 'no row of numbers' : `over ${MOST_ROWS} rows`}: --basel takes a table of bolometric corrections.`,
      )
    return rows
  } finally {
    await table.close()
  }
}

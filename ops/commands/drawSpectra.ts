// `birthline draw spectra`: simulated spectra of a few stars, or of one star beside a real spectrum of it.
import { basename, resolve } from 'node:path'
import {
  createRng,
  createSpectrumSimulation,
  type GridTemplates,
  opticalFamilies,
  plainStar,
  type SpectralStar,
  type SpectrographName,
  spectrographNames,
  spectrographs,
} from '../../models/index.ts'
import { FusionError, type Spectrum } from '../../schemas/index.ts'
import { openSpectra, writeTextFile } from '../../streams/index.ts'
import { type FluxPanel, spectrumPlot } from '../figures/spectrumPlot.ts'
import { hBandCompared, type Likeness, opticalCompared, spectrumLikeness } from '../spectra/likeness.ts'
import { galleryPanels, galleryStars } from '../spectra/simulatedGallery.ts'
import { wavelengthsNm } from '../spectra/spectrumView.ts'
import { readUserGrid } from '../spectra/userGrid.ts'
import { type CommandCode, type CommandLine, exitCodes, type OptionValues, seedOf } from './commandLine.ts'
import { checkNamedFiles } from './namedFiles.ts'
import { numberOption, optionRefused } from './numberOptions.ts'

const surveyNames: Readonly<Record<SpectrographName, string>> = {
  boss: 'BOSS',
  lamostLrs: 'LAMOST LRS',
  apogee: 'APOGEE',
}

/** Bits of APOGEE: BADPIX and SIG_SKYLINE. */
const SKY_OR_BAD = (1 << 0) | (1 << 12)

/** Which simulation stands beside a real spectrum. */
const simulatedAs: Readonly<Record<string, SpectrographName>> = {
  ...{ sdss: 'boss', boss: 'boss', lamostLrs: 'lamostLrs', apogee: 'apogee' },
}

/** What tells of one star, and what it is where it is not given. */
const starDefaults = { teff: '5777', logg: '4.44', feh: '0', av: '0', velocity: '0', family: 'kurucz' } as const

export const drawSpectra: CommandCode = async (line, _args, values) => {
  const path = resolve(line.workingFolder, String(values.out))
  const realPath = typeof values.real === 'string' ? resolve(line.workingFolder, values.real) : null
  await checkNamedFiles([
    { what: '--out', path, isWritten: true },
    ...(realPath === null ? [] : [{ what: '--real', path: realPath, isWritten: false }]),
  ])
  return realPath === null ? drawSimulated(line, values, path) : drawBeside(line, values, realPath, path)
}

/** The user's own templates for a survey; null where none are given. */
async function openGrid(line: CommandLine, { grid: folder }: OptionValues, name: SpectrographName) {
  if (typeof folder !== 'string') return null
  const grid = await readUserGrid(resolve(line.workingFolder, folder), [name], line.signal)
  const { modelCount, fullBoxCount, boxCount } = grid
  line.terminal.note(
    `${folder}: ${modelCount} models; ${fullBoxCount} of ${boxCount} boxes between them have a model in each corner.`,
  )
  return grid
}

async function drawSimulated(line: CommandLine, values: OptionValues, path: string) {
  const { terminal } = line
  const seed = seedOf(line)
  const name = spectrographNames.find(one => one === values.survey)
  if (name === undefined) throw optionRefused('survey', values.survey, `one of ${spectrographNames.join(', ')}`)
  const signalToNoise = numberOption(values, 'signal', 1, 1000)
  const isOneStar = Object.keys(starDefaults).some(option => values[option] !== undefined)
  const star = isOneStar ? toldStar(values) : null
  const stars = star === null ? galleryStars : [{ heading: starText(star), star }]
  const grid = await openGrid(line, values, name)
  const panels = galleryPanels(name, stars, signalToNoise, seed, grid ?? undefined)
  if (panels.length === 0) {
    if (star !== null) throw noTemplates(star, grid)
    const reasons = stars.map(({ heading, star }) => `${heading}: ${grid?.reasonAgainst(star)}`)
    throw new FusionError(
      'VALUE_OUT_OF_RANGE',
      `The grid has no spectrum of any star that is drawn (${reasons.join('; ')}): take a grid that has, or draw one star of its own with --teff and --logg.`,
    )
  }
  const { fluxUnit, measuredAngstrom } = spectrographs[name]
  const unit = fluxUnit === '' ? 'relative flux' : `flux in ${fluxUnit}`
  const [fromNm, toNm] = measuredAngstrom.map(angstrom => angstrom / 10)
  const origin =
    grid === null ? 'of our own making' : `of ${basename(resolve(line.workingFolder, String(values.grid)))}`
  const subtitle = `Signal over noise ${signalToNoise} from ${fromNm} to ${toNm} nm, seed ${seed}; ${unit}; templates ${origin}`
  await writeTextFile(path, spectrumPlot(`Simulated spectra of ${surveyNames[name]}`, subtitle, panels))
  const headings = panels.map(({ heading }) => heading)
  await terminal.print(
    terminal.isJson ? JSON.stringify({ path, survey: name, seed, signalToNoise, stars: headings }) : path,
  )
  return exitCodes.ok
}

/** The star of the options, a radius of the Sun and 100 pc away. */
function toldStar(values: OptionValues): SpectralStar {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  const told: OptionValues = { ...starDefaults, ...Object.fromEntries(given) }
  const family = opticalFamilies.find(one => one === told.family)
  if (family === undefined) throw optionRefused('family', told.family, opticalFamilies.join(' or '))
  return {
    ...plainStar,
    family,
    ...{ teffK: numberOption(told, 'teff', 1, 1e6), loggDex: numberOption(told, 'logg', -5, 10) },
    ...{ fehDex: numberOption(told, 'feh', -10, 2), avMag: numberOption(told, 'av', 0, 100), rv: 3.1 },
    ...{ radiusRsun: 1, distancePc: 100, velocityKmPerS: numberOption(told, 'velocity', -1500, 1500) },
  }
}

const starText = ({ teffK, loggDex, fehDex }: SpectralStar) => `${teffK} K, log g ${loggDex}, [Fe/H] ${fehDex}`

function noTemplates(star: SpectralStar, grid: GridTemplates | null): FusionError {
  const reason =
    grid === null
      ? 'docs/simulated-spectra.md has their range'
      : `the grid has ${grid.reasonAgainst(star) ?? 'that star, but such dust lets no light through'}`
  return new FusionError('VALUE_OUT_OF_RANGE', `There are no templates for ${starText(star)}; ${reason}.`)
}

async function drawBeside(line: CommandLine, values: OptionValues, realPath: string, path: string) {
  const { terminal } = line
  const real = await firstSpectrum(line, realPath)
  const name = simulatedAs[real.survey]
  const star = toldStar(values)
  const grid = await openGrid(line, values, name)
  const simulation = createSpectrumSimulation(name, { templates: grid ?? undefined })
  const night = { signalToNoise: 100, skyRatio: 0, errorRatio: 1 }
  if (simulation.observe(star, night, createRng(0)) === undefined) throw noTemplates(star, grid)
  const pixels = realPixels(real)
  const compared = name === 'apogee' ? hBandCompared : opticalCompared
  const likeness = spectrumLikeness(pixels, { angstrom: simulation.angstrom, fluxes: simulation.truth }, compared)
  if (likeness === undefined) {
    const [from, to] = compared.angstrom
    throw new FusionError(
      'FILE_UNREADABLE',
      `${realPath} has too few good pixels from ${from} to ${to} Angstrom to compare.`,
    )
  }
  const { realLines, simulatedLines, ...numbers } = likeness
  // A chip of APOGEE has as many lines as a panel can show.
  const ranges = spectrographs[name].chipsAngstrom ?? [[0, Number.POSITIVE_INFINITY]]
  const panels = ranges.flatMap(([low, high]) => {
    const places = [...pixels.angstrom.keys()].filter(p => pixels.angstrom[p] > low && pixels.angstrom[p] < high)
    const lines = (heading: string, values: Float64Array): FluxPanel => ({
      heading,
      wavelengthsNm: places.map(p => pixels.angstrom[p] / 10),
      fluxes: places.map(p => (Number.isNaN(values[p]) ? null : values[p])),
      ivars: places.map(p => (Number.isNaN(values[p]) ? 0 : Number.POSITIVE_INFINITY)),
    })
    if (places.length === 0) return []
    return [
      lines('real, over the mean within 1%', realLines),
      lines('simulated without noise, over the mean within 1%', simulatedLines),
    ]
  })
  await writeTextFile(
    path,
    spectrumPlot(
      `A spectrum of ${real.survey === 'sdss' ? 'SDSS' : surveyNames[name]} and a simulated one of ${starText(star)}`,
      `${real.file}: ${likenessText(likeness)}`,
      panels,
    ),
  )
  await terminal.print(terminal.isJson ? JSON.stringify({ path, ...numbers }) : `${path}: ${likenessText(likeness)}`)
  return exitCodes.ok
}

/** Pixels of all chips by rising wavelength; those on lines of the night sky in the H band say nothing of the star. */
function realPixels({ segments, survey }: Spectrum) {
  const seen = survey === 'apogee' ? segments : segments.slice(0, 1)
  const pixels = seen.flatMap(segment => {
    const bits = segment.masks.find(({ name }) => name === 'pixel')?.bits
    return Array.from(wavelengthsNm(segment), (nm, p) => ({
      angstrom: 10 * nm,
      flux: segment.fluxes[p] ?? 0,
      ivar: bits !== undefined && (bits[p] & SKY_OR_BAD) !== 0 ? 0 : segment.ivars[p],
    }))
  })
  pixels.sort((a, b) => a.angstrom - b.angstrom)
  return {
    angstrom: pixels.map(({ angstrom }) => angstrom),
    fluxes: pixels.map(({ flux }) => flux),
    ivars: pixels.map(({ ivar }) => ivar),
  }
}

function likenessText({ pixels, realContrast, simulatedContrast, rms, correlation }: Likeness): string {
  const [real, simulated, left] = [realContrast, simulatedContrast, rms].map(share => `${(100 * share).toFixed(1)}%`)
  return `lines scatter by ${real} (real) and ${simulated} (simulated), their difference by ${left}, correlation ${correlation.toFixed(2)}, ${pixels} pixels`
}

async function firstSpectrum(line: CommandLine, path: string): Promise<Spectrum> {
  const file = await openSpectra(path, { signal: line.signal })
  try {
    for await (const outcome of file.spectra()) {
      if (outcome.kind === 'refusal') throw outcome.error
      if (!(outcome.spectrum.survey in simulatedAs)) break
      return outcome.spectrum
    }
  } finally {
    await file.close()
  }
  throw new FusionError(
    'CONFIG_INVALID',
    `--real is ${path}: it must hold a spectrum of SDSS, BOSS, LAMOST LRS or APOGEE.`,
  )
}

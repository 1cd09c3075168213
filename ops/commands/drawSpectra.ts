// `birthline draw spectra`: simulated spectra of a few stars, or of one star beside a real spectrum of it.
import { resolve } from 'node:path'
import {
  createRng,
  createSpectrumSimulation,
  plainStar,
  type SpectrographName,
  spectrographNames,
  spectrographs,
} from '../../models/index.ts'
import { FusionError, type Spectrum } from '../../schemas/index.ts'
import { openSpectra, writeTextFile } from '../../streams/index.ts'
import { type FluxPanel, spectrumPlot } from '../figures/spectrumPlot.ts'
import { type Likeness, spectrumLikeness } from '../spectra/likeness.ts'
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

export const drawSpectra: CommandCode = async (line, _args, values) => {
  const path = resolve(line.workingFolder, String(values.out))
  const realPath = typeof values.real === 'string' ? resolve(line.workingFolder, values.real) : null
  await checkNamedFiles([
    { what: '--out', path, isWritten: true },
    ...(realPath === null ? [] : [{ what: '--real', path: realPath, isWritten: false }]),
  ])
  return realPath === null ? drawGallery(line, values, path) : drawBeside(line, values, realPath, path)
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

async function drawGallery(line: CommandLine, values: OptionValues, path: string) {
  const { terminal } = line
  const seed = seedOf(line)
  const name = spectrographNames.find(one => one === values.survey)
  if (name === undefined) throw optionRefused('survey', values.survey, `one of ${spectrographNames.join(', ')}`)
  const signalToNoise = numberOption(values, 'signal', 1, 1000)
  const grid = await openGrid(line, values, name)
  const panels = galleryPanels(name, signalToNoise, seed, grid ?? undefined)
  if (panels.length === 0) {
    const reasons = galleryStars.map(({ heading, star }) => `${heading}: ${grid?.reasonAgainst(star)}`)
    throw new FusionError(
      'VALUE_OUT_OF_RANGE',
      `The grid has no spectrum of any star that is drawn (${reasons.join('; ')}): take a grid that has, or draw one star with --real.`,
    )
  }
  const { fluxUnit, measuredAngstrom } = spectrographs[name]
  const unit = fluxUnit === '' ? 'relative flux' : `flux in ${fluxUnit}`
  const [fromNm, toNm] = measuredAngstrom.map(angstrom => angstrom / 10)
  const origin = grid === null ? 'of our own making' : `of ${String(values.grid)}`
  const subtitle = `Signal over noise ${signalToNoise} from ${fromNm} to ${toNm} nm, seed ${seed}; ${unit}; templates ${origin}`
  await writeTextFile(path, spectrumPlot(`Simulated spectra of ${surveyNames[name]}`, subtitle, panels))
  const stars = panels.map(({ heading }) => heading)
  await terminal.print(terminal.isJson ? JSON.stringify({ path, survey: name, seed, signalToNoise, stars }) : path)
  return exitCodes.ok
}

async function drawBeside(line: CommandLine, values: OptionValues, realPath: string, path: string) {
  const { terminal } = line
  const real = await firstSpectrum(line, realPath)
  const name = real.survey === 'lamostLrs' ? 'lamostLrs' : 'boss'
  const star = {
    ...plainStar,
    family: values.family === 'btSettl' ? 'btSettl' : 'kurucz',
    ...{ teffK: numberOption(values, 'teff', 1, 1e6), loggDex: numberOption(values, 'logg', -5, 10) },
    ...{ fehDex: numberOption(values, 'feh', -10, 2), avMag: numberOption(values, 'av', 0, 100), rv: 3.1 },
    ...{ radiusRsun: 1, distancePc: 100, velocityKmPerS: numberOption(values, 'velocity', -1500, 1500) },
  } as const
  const grid = await openGrid(line, values, name)
  const simulation = createSpectrumSimulation(name, grid === null ? {} : { templates: grid })
  const night = { signalToNoise: 100, skyRatio: 0, errorRatio: 1 }
  if (simulation.observe(star, night, createRng(0)) === undefined) {
    throw new FusionError(
      'VALUE_OUT_OF_RANGE',
      `There are no templates for ${star.teffK} K, log g ${star.loggDex}, [Fe/H] ${star.fehDex}; ${grid === null ? 'docs/simulated-spectra.md has their range' : `the grid has ${grid.reasonAgainst(star) ?? 'that star, but such dust lets no light through'}`}.`,
    )
  }
  const [segment] = real.segments
  const nm = wavelengthsNm(segment)
  const fluxes = segment.fluxes.map(flux => flux ?? 0)
  const likeness = spectrumLikeness(
    { angstrom: nm.map(one => 10 * one), fluxes, ivars: segment.ivars },
    { angstrom: simulation.angstrom, fluxes: simulation.truth },
  )
  if (likeness === undefined) {
    throw new FusionError(
      'FILE_UNREADABLE',
      `${realPath} has too few good pixels from 3900 to 8900 Angstrom to compare.`,
    )
  }
  const { realLines, simulatedLines, ...numbers } = likeness
  const lines = (heading: string, values: Float64Array): FluxPanel => ({
    heading,
    wavelengthsNm: nm,
    fluxes: Array.from(values, value => (Number.isNaN(value) ? null : value)),
    ivars: Array.from(values, value => (Number.isNaN(value) ? 0 : Number.POSITIVE_INFINITY)),
  })
  const panels = [
    lines('real, over the mean within 1%', realLines),
    lines('simulated without noise, over the mean within 1%', simulatedLines),
  ]
  const what = `${star.teffK} K, log g ${star.loggDex}, [Fe/H] ${star.fehDex}`
  await writeTextFile(
    path,
    spectrumPlot(
      `A spectrum of ${real.survey === 'sdss' ? 'SDSS' : surveyNames[name]} and a simulated one of ${what}`,
      `${real.file}: ${likenessText(likeness)}`,
      panels,
    ),
  )
  await terminal.print(terminal.isJson ? JSON.stringify({ path, ...numbers }) : `${path}: ${likenessText(likeness)}`)
  return exitCodes.ok
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
      if (!['sdss', 'boss', 'lamostLrs'].includes(outcome.spectrum.survey)) break
      return outcome.spectrum
    }
  } finally {
    await file.close()
  }
  throw new FusionError('CONFIG_INVALID', `--real is ${path}: it must hold a spectrum of SDSS, BOSS or LAMOST LRS.`)
}

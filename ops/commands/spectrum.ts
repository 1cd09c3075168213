// `birthline spectrum`: what a survey's file of spectra holds, as text, JSON, a table or a figure.
import { resolve } from 'node:path'
import type { FusionError, Spectrum } from '../../schemas/index.ts'
import {
  openSpectra,
  openTableWriter,
  type SpectrumFile,
  type TableWriter,
  writeTextFile,
} from '../../streams/index.ts'
import type { LonePosterior } from '../spectra/lonePosterior.ts'
import { spectrumColumns, spectrumRows } from '../spectra/spectrumTable.ts'
import { segmentView, spectrumText, spectrumView, wavelengthsNm } from '../spectra/spectrumView.ts'
import { intervalText } from '../stars/starView.ts'
import { count } from '../terminal/progressLine.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'
import { checkNamedFiles } from './namedFiles.ts'
import { optionRefused, wholeOption } from './numberOptions.ts'

/** Spectra that are described in text; JSON has all. */
const TOLD_SPECTRA = 20

export const spectrum: CommandCode = async (line, args, values) => {
  const pathOf = (value: unknown) => (typeof value === 'string' ? resolve(line.workingFolder, value) : null)
  const path = resolve(line.workingFolder, args[0])
  const [outPath, plotPath] = [pathOf(values.out), pathOf(values.plot)]
  const drawn = wholeOption(values, 'nth', 1, Number.MAX_SAFE_INTEGER, 1)
  await checkNamedFiles([
    { what: 'the file', path, isWritten: false },
    ...(outPath === null ? [] : [{ what: '--out', path: outPath, isWritten: true }]),
    ...(plotPath === null ? [] : [{ what: '--plot', path: plotPath, isWritten: true }]),
  ])
  const survey = typeof values.survey === 'string' ? { survey: values.survey } : {}
  const file = await openSpectra(path, { ...survey, signal: line.signal })
  const posterior = values.posterior === true ? await openLone(line) : null
  let writer: TableWriter | null = null
  let toDraw: Spectrum | null = null
  let read = 0
  const refusals: FusionError[] = []
  try {
    await tellFile(line, file)
    for await (const outcome of file.spectra()) {
      line.signal.throwIfAborted()
      if (outcome.kind === 'refusal') {
        refusals.push(outcome.error)
        await tellRefusal(line, outcome.error, refusals.length)
        continue
      }
      const one = outcome.spectrum
      read++
      if (read === drawn) toDraw = one
      await tellSpectrum(line, one, read, await posterior?.of(one))
      if (outPath === null) continue
      writer ??= await openTableWriter(outPath, spectrumColumns(one), { meta: { title: `birthline: ${one.file}` } })
      await writer.write(spectrumRows(one))
    }
    await writer?.close()
  } catch (error) {
    await writer?.abandon()
    throw error
  } finally {
    await posterior?.close()
    await file.close()
  }
  if (!line.terminal.isJson) {
    if (read > TOLD_SPECTRA) await line.terminal.print(`and ${count(read - TOLD_SPECTRA)} more: --json tells of all`)
    if (refusals.length > 0) await line.terminal.print(`${count(refusals.length)} refused`)
  }
  if (plotPath !== null) {
    if (toDraw === null && read > 0) throw optionRefused('nth', drawn, `a whole number from 1 to ${read}`)
    if (toDraw !== null) await draw(plotPath, toDraw)
  }
  return read === 0 ? exitCodes.failure : exitCodes.ok
}

async function tellFile({ terminal }: CommandLine, file: SpectrumFile): Promise<void> {
  if (terminal.isJson) return
  const { path, survey, product, format, sha256 } = file
  const name = survey === product ? survey : `${survey} ${product}`
  await terminal.print(`${path}: ${name}, ${format}, SHA-256 ${sha256}`)
}

/** Answers for each spectrum as if nothing else were known of its star; null where the model reads nothing of it. */
async function openLone({ config }: CommandLine) {
  const { openPosteriorModel } = await import('../../models/index.ts')
  const { lonePosterior } = await import('../spectra/lonePosterior.ts')
  const { modelFolder, sampleCount, seed } = config
  const model = await openPosteriorModel(modelFolder ?? undefined)
  return {
    of: (one: Spectrum) => lonePosterior(model, one, { sampleCount, seed }),
    close: () => model.close(),
  }
}

/** @param posterior null where the model reads nothing of the spectrum, undefined where none was asked for */
async function tellSpectrum(
  { terminal }: CommandLine,
  one: Spectrum,
  nth: number,
  posterior?: LonePosterior | null,
): Promise<void> {
  if (!terminal.isJson && nth > TOLD_SPECTRA) return
  const view = spectrumView(one)
  if (terminal.isJson) {
    await terminal.print(JSON.stringify(posterior === undefined ? view : { ...view, posterior }))
    return
  }
  for (const text of spectrumText(view)) await terminal.print(text)
  if (posterior === null) await terminal.print('  posterior    none: the model reads nothing of this spectrum')
  if (posterior == null) return
  for (const interval of posterior.intervals) {
    await terminal.print(`  ${interval.label.padEnd(12)} ${intervalText(interval)} ${interval.unit}`)
  }
  const classes = posterior.classes.map(({ name, probability }) => `${name} ${(100 * probability).toFixed(1)}%`)
  await terminal.print(`  class        ${classes.join(', ')}`)
  if (posterior.familiarity === null) return
  const share = `${(100 * posterior.familiarity).toPrecision(2)}% of the spectra that the model was trained on lie as far out`
  const isUnlike = posterior.flags.includes('unlikeTraining')
  await terminal.print(
    `  familiarity  ${share}${isUnlike ? ': it is unlike any of them, and the above may be wrong' : ''}`,
  )
}

async function tellRefusal({ terminal }: CommandLine, { code, message }: FusionError, nth: number): Promise<void> {
  if (terminal.isJson) await terminal.print(JSON.stringify({ refused: { code, message } }))
  else if (nth <= TOLD_SPECTRA) await terminal.print(`refused: ${message}`)
}

async function draw(path: string, one: Spectrum): Promise<void> {
  const { spectrumPlot } = await import('../figures/spectrumPlot.ts')
  const fluxes = one.segments.map(segment => {
    const { pixels, fromNm, toNm, medianSignalToNoise, badPixels } = segmentView(segment)
    const ratio = medianSignalToNoise === null ? '' : `, median S/N ${medianSignalToNoise.toFixed(1)}`
    return {
      heading: `${segment.name}: ${count(pixels)} pixels, ${fromNm.toFixed(1)} to ${toNm.toFixed(1)} nm in ${segment.medium}${ratio}, ${count(badPixels)} bad`,
      wavelengthsNm: wavelengthsNm(segment),
      fluxes: segment.fluxes,
      ivars: segment.ivars,
    }
  })
  const coefficients = one.bands.map(band => ({
    heading: `${band.name}: ${band.coefficients.length} coefficients over their errors; open circles are negative, the broken line ends those that are relevant`,
    ratios: band.coefficients.map((coefficient, i) => coefficient / band.errors[i]),
    relevantBases: band.relevantBases,
  }))
  const frame = one.velocityFrame === null ? '' : `, ${one.velocityFrame} frame`
  const unit = one.segments[0]?.fluxUnit ?? ''
  const flux = unit === '' ? '' : `; flux in ${unit}`
  const subtitle = `${one.survey}, ${one.product}${frame}, ${one.file}${one.row === null ? '' : `, row ${one.row}`}${flux}`
  await writeTextFile(path, spectrumPlot(one.source, subtitle, [...fluxes, ...coefficients]))
}

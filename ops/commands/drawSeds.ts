// `birthline draw seds`: what spectra each of the eighteen sets of young stellar objects holds.
import { resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isModelSet, modelCounts, modelSets } from '../../models/index.ts'
import { writeTextFile } from '../../streams/index.ts'
import { type SedPanel, sedPlot } from '../figures/sedPlot.ts'
import { readPublishedSed } from '../simulation/publishedSed.ts'
import { DARK_DEX, drawSetSeds, partsOfSet, type SetSeds, shownWavelengthsUm } from '../simulation/setSeds.ts'
import { count, openProgress } from '../terminal/progressLine.ts'
import { type CommandCode, exitCodes, type OptionValues, seedOf } from './commandLine.ts'
import { checkNamedFiles } from './namedFiles.ts'
import { numberOption, optionRefused } from './numberOptions.ts'

/** Fewer have no 16th percentile. */
const COUNTS = { low: 7, high: 500 } as const
/** Of the published grids. */
const APERTURES_AU = { low: 100, high: 1e6 } as const
/** Some hundredths of a second. */
const LOOK_SPECTRA = 20
/** Where the medians are told. */
const TOLD_UM = [0.55, 2.2, 10, 24, 100, 850] as const

export const drawSeds: CommandCode = async (line, _args, values) => {
  const { terminal, signal, nowMs, workingFolder } = line
  const seed = seedOf(line)
  const perSet = numberOption(values, 'count', COUNTS.low, COUNTS.high)
  const apertureAu = numberOption(values, 'aperture', APERTURES_AU.low, APERTURES_AU.high)
  if (!Number.isInteger(perSet)) throw optionRefused('count', perSet, 'a whole number')
  const path = resolve(workingFolder, String(values.out))
  const published = publishedOf(values, workingFolder)
  await checkNamedFiles([
    { what: '--out', path, isWritten: true },
    ...(published === null ? [] : [{ what: '--published', path: published.path, isWritten: false }]),
  ])
  const real = published === null ? null : await readPublishedSed(published.path, apertureAu, signal)

  const total = perSet * modelSets.length
  const progress = openProgress(terminal, 'drawing', 'spectra', nowMs)
  const sets: SetSeds[] = []
  try {
    const drawing = drawSetSeds(seed, perSet, apertureAu, done => {
      signal.throwIfAborted()
      progress.update(done, total)
      // Else no Ctrl-C would be heard.
      return done % LOOK_SPECTRA === 0 ? nextTurn() : undefined
    })
    for await (const set of drawing) sets.push(set)
  } finally {
    progress.end()
  }

  const panels = sets.map(({ set, seds, median, low, high }): SedPanel => {
    return {
      heading: `${set}: ${count(seds.length)} SEDs, grid ${count(modelCounts[set])}`,
      note: partsOfSet(set),
      ...{ spectra: seds, median, low, high },
      published:
        real !== null && published?.set === set ? { wavelengthsUm: real.wavelengthsUm, levels: real.sharesDex } : null,
    }
  })
  const figure = sedPlot({
    title: 'Spectra of the eighteen sets of young stellar objects',
    subtitles: [
      `${count(perSet)} objects of each set, drawn over its whole ranges, seed ${seed}; aperture of ${count(apertureAu)} AU; inclinations even in the angle.`,
      'Stars are black bodies, dust of one kind; F_{star} is the flux of the bare star at all its wavelengths together. Envelopes lie in an ambient medium.',
    ],
    wavelengthsUm: shownWavelengthsUm,
    panels,
    publishedName: real === null ? '' : `${published?.name}, published, ${apertureWords(real.apertureAu)}`,
  })
  await writeTextFile(path, figure)
  if (!terminal.isJson) {
    await terminal.print(path)
    return exitCodes.ok
  }
  const medians = ({ median }: SetSeds) =>
    Object.fromEntries(
      TOLD_UM.map(um => {
        const k = shownWavelengthsUm.reduce((best, w, i) => {
          return Math.abs(Math.log(w / um)) < Math.abs(Math.log(shownWavelengthsUm[best] / um)) ? i : best
        }, 0)
        return [um, median[k] > DARK_DEX ? Number(median[k].toFixed(3)) : null]
      }),
    )
  const report = sets.map(one => ({
    set: one.set,
    parts: partsOfSet(one.set),
    count: one.seds.length,
    gridCount: modelCounts[one.set],
    medianDexAtUm: medians(one),
  }))
  await terminal.print(
    JSON.stringify({ path, seed, apertureAu, publishedApertureAu: real?.apertureAu ?? null, sets: report }),
  )
  return exitCodes.ok
}

/** A file of a bare star has an aperture that means none. */
const apertureWords = (au: number) => (au < 1 ? 'no aperture' : `aperture of ${count(au)} AU`)

/** Such as `sp--s-i=model_sed.fits.gz`. */
function publishedOf({ published }: OptionValues, workingFolder: string) {
  if (typeof published !== 'string') return null
  const at = published.indexOf('=')
  const [set, file] = [published.slice(0, at), published.slice(at + 1)]
  if (at === -1 || !isModelSet(set) || file === '')
    throw optionRefused('published', published, `SET=FILE, and SET one of ${modelSets.join(', ')}`)
  return {
    set,
    path: resolve(workingFolder, file),
    name: file.replace(/^.*[/\\]/, '').replace(/(_sed)?\.fits(\.gz)?$/, ''),
  }
}

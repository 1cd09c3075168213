// Every layout of spectra.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { packageFile } from '../../schemas/index.ts'
import { openSpectra, segmentWavelengths } from '../../streams/index.ts'
import { checkValues, type FuzzTarget } from './fuzzTarget.ts'
import { fitsWords } from './tableTargets.ts'

/** Bounds that a small file can reach. */
const limits = { maxRecordBytes: 2 ** 20, maxHeaderBytes: 2 ** 20, maxSpoolBytes: 64 * 2 ** 20 }

const fixture = (name: string) => {
  const bytes = readFileSync(packageFile('test', 'fixtures', 'spectra', name))
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

function spectrumTarget(
  name: string,
  ending: string,
  fixtures: readonly string[],
  words: readonly string[],
): FuzzTarget {
  return {
    name,
    seeds: async () => fixtures.map(fixture),
    words,
    async run(bytes, folder) {
      const path = join(folder, `case.${ending}`)
      writeFileSync(path, bytes)
      const file = await openSpectra(path, limits)
      try {
        for await (const outcome of file.spectra()) {
          if (outcome.kind === 'refusal') continue
          checkValues(outcome.spectrum)
          for (const segment of outcome.spectrum.segments) checkValues(segmentWavelengths(segment))
        }
      } finally {
        await file.close()
      }
    },
  }
}

const cards = [
  ...fitsWords,
  "BUNIT   = 'Flux ('",
  'CDELT1  =',
  "TELESCOP= 'LAMOST'",
  "'LOGLAM'",
  "'FLUX'",
  'NVISITS =',
  'BITPIX  =',
  'BSCALE  =',
]

export const spectrumTargets: readonly FuzzTarget[] = [
  spectrumTarget(
    'spectra',
    'fits',
    ['apVisit', 'apStar', 'aspcapStar', 'sdss', 'nanFlux', 'lamostRows', 'lamostTable', 'mrs', 'xp'].map(
      name => `${name}.fits.gz`,
    ),
    cards,
  ),
  spectrumTarget(
    'xpTables',
    'csv',
    ['xp.csv', 'xp.ecsv', 'xpSampledRows.csv', 'xpText.vot'],
    ['"(', ')"', 'NaN', '[', ']', 'inf', '1e999'],
  ),
]

// Stars per second on one core: spectrum interpolated, dimmed and seen through all 29 bands, against the same law asked bin by bin
// and, with --python, against sedpy and dust_extinction.
// node dist/ops/bench/photometryBench.js [--python PATH] [--json] [--stars 20000] [--rounds 7]
import { parseArgs } from 'node:util'
import {
  allPassbands,
  atmosphereFamilies,
  binCentresUm,
  createAtmospheres,
  createRng,
  createSyntheticPhotometry,
  extinctionLaw,
  type PhotometricStar,
  passbandNames,
} from '../../models/index.ts'
import { packageFile } from '../../schemas/index.ts'
import {
  type Contender,
  describeCommand,
  describeMachine,
  renderComparison,
  renderMachine,
  runInterleaved,
} from './harness.ts'
import { type LineProcess, startLineProcess } from './lineProcess.ts'

const { values: flags } = parseArgs({
  options: {
    python: { type: 'string' },
    json: { type: 'boolean', default: false },
    stars: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '7' },
  },
})
const starCount = Number(flags.stars)
/** Rivals are slow: they get a part of the stars. */
const rivalStars = Math.max(1, Math.round(starCount / 50))
/** The rivals see each bin as one point: this much may lie between us and them where a band's edge cuts a bin. */
const TOLERANCE_MAG = 0.1
const CM_PER_RSUN = 6.957e10
const CM_PER_PC = 3.085677581491367e18

const rng = createRng(1, 1)
const between = (low: number, high: number) => low + (high - low) * rng.uniform()
const stars = Array.from(
  { length: starCount },
  (_, i): PhotometricStar => ({
    family: atmosphereFamilies[i % atmosphereFamilies.length],
    teffK: 10 ** between(3.4, 4.4),
    loggDex: between(3, 5),
    fehDex: between(-1.5, 0.4),
    radiusRsun: 10 ** between(-0.5, 0.5),
    distancePc: 10 ** between(1, 3.5),
    avMag: between(0, 5),
    rv: between(2.5, 5.5),
    law: 'g23',
  }),
)

const atmospheres = createAtmospheres()
const photometry = createSyntheticPhotometry()
const law = extinctionLaw('g23')
const out = new Float64Array(passbandNames.length)
const flux = new Float64Array(binCentresUm.length)

function ours(star: PhotometricStar): void {
  if (!photometry.magnitudesInto(star, allPassbands, out)) throw new Error('a star has no magnitudes')
}

function bareFlux({ family, teffK, loggDex, fehDex, radiusRsun, distancePc }: PhotometricStar): void {
  if (!atmospheres.surfaceFluxInto(family, teffK, loggDex, fehDex, flux)) throw new Error('a star has no spectrum')
  const dilution = ((radiusRsun * CM_PER_RSUN) / (distancePc * CM_PER_PC)) ** 2
  for (let i = 0; i < flux.length; i++) flux[i] *= dilution
}

function binByBin(star: PhotometricStar): void {
  bareFlux(star)
  for (let i = 0; i < flux.length; i++) flux[i] *= 10 ** (-0.4 * star.avMag * law.ratio(binCentresUm[i], star.rv))
  if (!photometry.magnitudesOfFlux(flux, allPassbands, out)) throw new Error('a star has no magnitudes')
}

const overAll = (name: string, count: number, work: (star: PhotometricStar) => void): Contender => ({
  name,
  run() {
    for (let i = 0; i < count; i++) work(stars[i])
    return count
  },
})

/** It is handed the bare spectra, ready: interpolating them does not count against it. */
async function startSedpy(python: string): Promise<LineProcess> {
  const child = startLineProcess(python, [packageFile('ops', 'bench', 'sedpyRival.py')], { OMP_NUM_THREADS: '1' })
  const fluxes = stars.slice(0, rivalStars).map(star => {
    bareFlux(star)
    return [...flux]
  })
  const [avMag, rv] = [stars.slice(0, rivalStars).map(star => star.avMag), stars.slice(0, rivalStars).map(s => s.rv)]
  await child.ask({ do: 'open', wavelengthUm: [...binCentresUm], fluxes, avMag, rv })
  return child
}

/** Largest differences from us in magnitudes, after the bands' zero points, which the rival has in AB, are taken away by the first star's. */
async function differenceFrom(child: LineProcess): Promise<number> {
  const theirs = (await child.ask({ do: 'magnitudes' })).magnitudes as readonly (readonly number[])[]
  // Bins against bins: the details of narrow bands are nothing that the rival is given.
  const offsets = theirs.map((row, i) => {
    binByBin(stars[i])
    return row.map((magnitude, b) => out[b] - magnitude)
  })
  let largest = 0
  for (const row of offsets)
    for (const [b, offset] of row.entries()) largest = Math.max(largest, Math.abs(offset - offsets[0][b]))
  return largest
}

const machine = describeMachine()
const contenders = [overAll('birthline', starCount, ours), overAll('law bin by bin', starCount, binByBin)]
let sedpy: LineProcess | null = null
let differenceMag: number | null = null
try {
  if (flags.python !== undefined) {
    const child = await startSedpy(flags.python)
    sedpy = child
    differenceMag = await differenceFrom(child)
    if (!(differenceMag < TOLERANCE_MAG)) throw new Error(`sedpy sees other stars: ${differenceMag} mag`)
    contenders.push({
      name: 'sedpy',
      async run() {
        return { units: rivalStars, seconds: Number((await child.ask({ do: 'run' })).seconds) }
      },
    })
  }
  const comparison = await runInterleaved(contenders, { unit: 'stars', rounds: Number(flags.rounds) })
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({ command: describeCommand(), machine, differenceMag, ...comparison }, null, 2)}\n`,
    )
  else {
    const what = `${passbandNames.length} bands of stars behind dust of Gordon+ 2023, every star with its own A_V and R_V`
    const checked = differenceMag === null ? [] : [`sedpy differs by ${differenceMag.toFixed(3)} mag at most`]
    const lines = [describeCommand(), renderMachine(machine), what, renderComparison(comparison), ...checked]
    process.stdout.write(`${lines.join('\n')}\n`)
  }
} finally {
  await sedpy?.close()
}

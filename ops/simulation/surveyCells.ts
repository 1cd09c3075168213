// Simulated stars as surveys would deliver them: the cells of their tables, which ingest reads back into what was simulated.
import { createRng, equatorialOf, type Rng, type Simulation, type Simulator } from '../../models/index.ts'
import {
  ARCSEC_PER_DEG,
  MAG_PER_RELATIVE_FLUX,
  MAS_PER_ARCSEC,
  quantity,
  RAD_PER_DEG,
  readSurvey,
  type Survey,
  surveyNames,
  unitFactor,
} from '../../schemas/index.ts'

export interface SurveyView {
  readonly surveys: readonly string[]
  /**
   * For each survey the stars that it sees, with their cells.
   * @param first number of the first star drawn
   */
  rowsOf(
    drawn: Simulation,
    first: number,
  ): readonly (readonly { readonly item: number; readonly cells: Readonly<Record<string, string>> }[])[]
}

const PURPOSE = 0x9ace

const REFERENCE_EPOCH_JYR = 2016
const DEG_PER_MAS = 1 / (MAS_PER_ARCSEC * ARCSEC_PER_DEG)
/** Above all source ids of Gaia, which begin with a pixel of the sky. */
const FIRST_LONG_ID = 7_000_000_000_000_000_000n
const STAR_BITS = 33n
/** `ph_qual`: the least signal-to-noise of each letter (Cutri+ 2003, section II.2.a; Cutri+ 2013, section II.1.a). */
const qualityLetters: ReadonlyMap<string, readonly (readonly [leastSnr: number, letter: string])[]> = new Map([
  [
    'twoMass',
    [
      [10, 'A'],
      [7, 'B'],
      [5, 'C'],
      [0, 'D'],
    ] as const,
  ],
  [
    'allWise',
    [
      [10, 'A'],
      [3, 'B'],
      [0, 'C'],
    ] as const,
  ],
])
const NO_PHOTOMETRY = 'X'
/** Cells say no more than single precision holds. */
const DIGITS = 9

/**
 * @param identity hexadecimal, of recipe and seed: the ids of two simulations differ
 * @param wanted names of surveys; those without a description here, and those that see nothing of it, are left out
 */
export function openSurveyView(
  simulator: Simulator,
  wanted: readonly string[],
  seed: number,
  identity: string,
): SurveyView {
  const surveys = surveyNames()
    .filter(name => wanted.includes(name))
    .map(readSurvey)
    .filter(survey => survey.measurements.some(one => simulator.observables.includes(one.quantity)))
  const rng = createRng(seed, PURPOSE)
  return {
    surveys: surveys.map(({ name }) => name),
    rowsOf(drawn, first) {
      const rows = surveys.map((): { item: number; cells: Record<string, string> }[] => [])
      for (let i = 0; i < drawn.count; i++) {
        rng.seek(first + i)
        const place = placeOf(drawn, i, rng)
        surveys.forEach((survey, part) => {
          // Drawn for each, seen or not: what one survey sees does not move the star in another.
          const [east, north] = [rng.normal(), rng.normal()]
          const measured = measuredCells(survey, drawn, i)
          if (measured.length === 0) return
          const id = [survey.id.column, idOf(survey, identity, first + i)] as const
          const cells = [id, ...positionCells(survey, place, east, north), ...measured]
          rows[part].push({ item: first + i, cells: Object.fromEntries(cells) })
        })
      }
      return rows
    },
  }
}

interface Place {
  readonly raDeg: number
  readonly decDeg: number
  readonly pmRaCosDecMasPerYr: number
  readonly pmDecMasPerYr: number
}

/** Where the simulator puts the star, or else anywhere on the sky. */
function placeOf({ nuisances, truths, defined }: Simulation, i: number, rng: Rng): Place {
  const [u, v] = [rng.uniform(), rng.uniform()]
  const [lDeg, bDeg] = [nuisances.get('lDeg')?.[i], nuisances.get('bDeg')?.[i]]
  const isPlaced = lDeg !== undefined && bDeg !== undefined && isKnown('lDeg', defined, i)
  return {
    ...(isPlaced ? equatorialOf(lDeg, bDeg) : { raDeg: 360 * u, decDeg: Math.asin(2 * v - 1) / RAD_PER_DEG }),
    pmRaCosDecMasPerYr: truths.get('pmRaCosDecMasPerYr')?.[i] ?? 0,
    pmDecMasPerYr: truths.get('pmDecMasPerYr')?.[i] ?? 0,
  }
}

/** What a star does not have is a zero in its column. */
function isKnown(name: string, defined: Simulation['defined'], i: number): boolean {
  return defined?.get(name)?.[i] !== 0
}

function idOf({ id }: Survey, identity: string, star: number): string {
  if (id.kind === 'text') return `sim${identity.slice(0, 10)}-${star}`
  return `${FIRST_LONG_ID + (BigInt(`0x${identity.slice(0, 6)}`) << STAR_BITS) + BigInt(star)}`
}

type Cell = readonly [column: string, text: string]

function positionCells({ position }: Survey, place: Place, east: number, north: number): readonly Cell[] {
  const { raColumn, decColumn, errColumns, typicalErrArcsec, epochJyr } = position
  const years = epochJyr - REFERENCE_EPOCH_JYR
  const errDeg = typicalErrArcsec / ARCSEC_PER_DEG
  const decDeg = place.decDeg + place.pmDecMasPerYr * DEG_PER_MAS * years + errDeg * north
  const cosDec = Math.max(Math.cos(place.decDeg * RAD_PER_DEG), 1e-6)
  const raDeg = place.raDeg + (place.pmRaCosDecMasPerYr * DEG_PER_MAS * years + errDeg * east) / cosDec
  const toUnit = unitFactor('deg', position.unit)
  const err = text(typicalErrArcsec * unitFactor('arcsec', position.errUnit))
  // Rounded, a right ascension of almost 360 would be one of 360.
  const ra = ((Number(raDeg.toFixed(9)) % 360) + 360) % 360
  return [
    [raColumn, String(ra * toUnit)],
    [decColumn, String(Number(Math.max(-90, Math.min(90, decDeg)).toFixed(9)) * toUnit)],
    ...errColumns.map(column => [column, err] as const),
  ]
}

function measuredCells(survey: Survey, drawn: Simulation, i: number): readonly Cell[] {
  const cells = survey.measurements.flatMap((rule): Cell[] => {
    const limit = limitOf(drawn, rule.quantity, i)
    if (limit !== null) return [[rule.column, text(toCell(limit, rule))]]
    if (drawn.presence.get(rule.quantity)?.[i] !== 1) return []
    const value = drawn.observables.get(rule.quantity)?.[i] ?? 0
    const err = drawn.errors.get(rule.quantity)?.[i] ?? 0
    const factor = unitFactor(quantity(rule.quantity).unit, rule.unit)
    const cells: Cell[] = [[rule.column, text(toCell(value, rule))]]
    const source = rule.errors.find(one => one.column !== null || one.snrColumn !== null)
    if (source === undefined || err <= 0) return cells
    if (source.column !== null) cells.push([source.column, text(err * factor)])
    else if (source.snrColumn !== null) cells.push([source.snrColumn, text(MAG_PER_RELATIVE_FLUX / err)])
    return cells
  })
  // A source is what was found in some band: limits alone are none.
  const isSource = survey.measurements.some(rule => drawn.presence.get(rule.quantity)?.[i] === 1)
  return isSource ? [...cells, ...qualityCells(survey, drawn, i)] : []
}

function toCell(value: number, { quantity: name, unit, zeroPoint }: Survey['measurements'][number]): number {
  return (value + zeroPoint) * unitFactor(quantity(name).unit, unit)
}

/** The magnitude that a star is fainter than; null where there is no limit. */
function limitOf(drawn: Simulation, name: string, i: number): number | null {
  const limit = drawn.limits?.get(name)
  return limit !== undefined && limit.presence[i] === 1 ? limit.values[i] : null
}

/** The flags that tell a limit from a measurement, as the survey has them: a letter for each band. */
function qualityCells({ name, bandFlags }: Survey, drawn: Simulation, i: number): readonly Cell[] {
  const letters = qualityLetters.get(name)
  const flag = bandFlags.find(({ limit }) => limit.length > 0)
  if (letters === undefined || flag === undefined) return []
  const letterOf = (band: string) => {
    if (limitOf(drawn, band, i) !== null) return flag.limit[0]
    if (drawn.presence.get(band)?.[i] !== 1) return NO_PHOTOMETRY
    const snr = MAG_PER_RELATIVE_FLUX / (drawn.errors.get(band)?.[i] ?? 0)
    return letters.find(([least]) => snr >= least)?.[1] ?? NO_PHOTOMETRY
  }
  return [[flag.column, flag.quantities.map(letterOf).join('')]]
}

function text(value: number): string {
  return String(Number(value.toPrecision(DIGITS)))
}

// Stars of the catalogue folder: each row's surveys ingested one by one, as if they had been delivered.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError, type Measurement, type Observation } from '../../schemas/index.ts'
import { cellText, openTable, parseColumnMap, type Row, type TableReader } from '../../streams/index.ts'
import { benchmarkStars } from './catalogues/benchmarkStars.ts'
import { ic348Stars } from './catalogues/ic348Stars.ts'
import { keplerGiants } from './catalogues/keplerGiants.ts'
import { m67Stars } from './catalogues/m67Stars.ts'
import { rhoOphiuchiStars } from './catalogues/rhoOphiuchiStars.ts'
import { bandMag, type CataloguePart, type CatalogueTable } from './catalogueTable.ts'
import { type RealStar, type StarGroup, sampleByHash, saturatedIn } from './realStar.ts'
import { openSurveyRows } from './surveyRows.ts'

export const catalogueTables: readonly CatalogueTable[] = [
  benchmarkStars,
  m67Stars,
  rhoOphiuchiStars,
  ic348Stars,
  keplerGiants,
]

/**
 * One group for each known table that the folder holds.
 * @throws FusionError FILE_UNREADABLE when there is no such folder, or none of the tables in it
 */
export async function readCatalogueGroups(folder: string): Promise<readonly StarGroup[]> {
  const found = catalogueTables.filter(({ file }) => existsSync(join(folder, file)))
  if (found.length === 0) {
    throw new FusionError(
      'FILE_UNREADABLE',
      `${folder} holds none of the tables that are looked for: ${catalogueTables.map(({ file }) => file).join(', ')}. Name the folder they are in, or leave it out for the stars that come with birthline alone.`,
      { detail: { path: folder } },
    )
  }
  const groups: StarGroup[] = []
  for (const table of found) groups.push(await readCatalogueGroup(table, join(folder, table.file)))
  return groups
}

/** @throws FusionError FILE_UNREADABLE, CONFIG_INVALID when the table lacks a column */
export async function readCatalogueGroup(spec: CatalogueTable, path: string): Promise<StarGroup> {
  const table = await openTable(path)
  try {
    const readers = openParts(spec, table)
    checkBandColumns(spec, table)
    const leftOut = new Map<string, number>()
    const count = (reason: string) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
    const stars: RealStar[] = []
    for await (const batch of table.batches()) {
      for (const [i, row] of batch.rows.entries()) {
        const star = spec.leaveOut(row) ?? readStar(spec, spec.prepare?.(row) ?? row, batch.rowNumbers[i], readers)
        if (typeof star === 'string') count(star)
        else stars.push(star)
      }
    }
    const labelled = stars.filter(star => star.labels.length > 0)
    const others = stars.filter(star => star.labels.length === 0)
    const keyOf = (star: RealStar) => star.input.key
    const kept =
      labelled.length >= spec.maxStars || others.length === 0
        ? sampleByHash(stars, spec.maxStars, keyOf)
        : [...labelled, ...sampleByHash(others, spec.maxStars - labelled.length, keyOf)]
    if (kept.length < stars.length) leftOut.set('beyond the number of stars inferred', stars.length - kept.length)
    const { name, title, cluster, reference, parts } = spec
    const surveys = parts.map(part => part.survey)
    return { name, title, cluster, surveys, reference, stars: kept, leftOut }
  } finally {
    await table.close()
  }
}

type PartReader = (row: Row, rowNumber: number) => { readonly observation: Observation } | { readonly refusal: string }

function openParts(spec: CatalogueTable, table: TableReader): readonly (readonly [CataloguePart, PartReader])[] {
  return spec.parts.map(part => {
    const map = parseColumnMap(JSON.stringify({ survey: part.survey, columns: part.columns }), `map of ${spec.file}`)
    // Computed columns are not in the file: the map is fitted to the rows as they are prepared.
    const computed = spec.prepare === undefined ? [] : Object.keys(spec.prepare({}))
    const columns = [...table.columns, ...computed.map(name => ({ ...table.columns[0], name }))]
    const rows = openSurveyRows(part.survey, map, { path: table.path, columns })
    const reader: PartReader = (row, rowNumber) => {
      const outcome = rows.observe(row, rowNumber)
      return 'observation' in outcome ? outcome : { refusal: outcome.refusal.reason }
    }
    return [part, reader] as const
  })
}

function checkBandColumns({ bands = [], file }: CatalogueTable, table: TableReader): void {
  const present = new Set(table.columns.map(({ name }) => name))
  for (const column of bands.flatMap(({ column, errColumn }) =>
    errColumn === null ? [column] : [column, errColumn],
  )) {
    if (present.has(column)) continue
    throw new FusionError(
      'CONFIG_INVALID',
      `${table.path} lacks the column ${column}, which ${file} has as published. Take the published table.`,
      { detail: { path: table.path, column } },
    )
  }
}

/** @returns the star, or why there is none */
function readStar(
  spec: CatalogueTable,
  row: Row,
  rowNumber: number,
  readers: readonly (readonly [CataloguePart, PartReader])[],
): RealStar | string {
  const observations: Observation[] = []
  let refusedCount = 0
  for (const [part, read] of readers) {
    if (!isPresent(row, part)) continue
    const outcome = read(row, rowNumber)
    if ('observation' in outcome) observations.push(outcome.observation)
    else refusedCount++
  }
  // Surveys measure different quantities, so that nothing has to be chosen between them.
  const measured = observations.flatMap(({ survey, measurements }) =>
    measurements.map((one: Measurement) => ({ ...one, survey })),
  )
  const bands = new Map(
    (spec.bands ?? []).flatMap(band => {
      const mag = bandMag(row, band)
      return mag === null ? [] : [[band.quantity, mag] as const]
    }),
  )
  if (measured.length + bands.size === 0) return refusedCount > 0 ? 'refused by the survey file' : 'in no survey'
  const id = observations.length > 0 ? `${observations[0].survey}:${observations[0].source}` : `row:${rowNumber}`
  return {
    input: {
      key: `${spec.name}:${id}`,
      given: measured.map(({ quantity, value, err, isLimit }) => ({ quantity, value, err, isLimit })),
    },
    ...(observations.length > 0 && { place: placeOf(observations[0]) }),
    labels: spec.labels(row),
    bands,
    flags: observations.flatMap(one => one.flags.map(flag => `${one.survey}:${flag}`)),
    saturated: saturatedIn(measured),
    isMember: spec.isMember(row),
  }
}

function placeOf({ raDeg, decDeg }: Observation) {
  return { raDeg, decDeg }
}

function isPresent(row: Row, { presentBy }: CataloguePart): boolean {
  const text = cellText(row[presentBy] ?? null)?.trim() ?? ''
  return text !== '' && text !== '0' && !/^nan$/i.test(text)
}

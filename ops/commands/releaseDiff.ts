// `birthline releases diff`: what a release says otherwise than another, in numbers first, then source by source.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { groupLag, isTakenBack, pipelineGroups, type ReleaseSide, readDeliveries } from '../../actors/index.ts'
import { tailSigmas } from '../../models/index.ts'
import { type Delivery, FusionError, isQuantity, quantity, readSurvey, surveyNames } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { findReleaseChanges, type ReleaseChanges } from '../stars/releaseChanges.ts'
import { count, openProgress } from '../terminal/progressLine.ts'
import { renderTable } from '../terminal/textTable.ts'
import { type CommandCode, type CommandLine, exitCodes } from './commandLine.ts'
import { UsageError } from './failure.ts'
import { namedDelivery } from './releases.ts'

/** Stands for what every source's delivery in force says. */
const IN_FORCE = 'in-force'
const MAX_LIMIT = 10_000
const SHOWN_FIELDS = 4

interface NamedSide extends ReleaseSide {
  /** For people. */
  readonly name: string
  /** Sentences on what is not in it. */
  readonly gaps: readonly string[]
}

export const diffReleases: CommandCode = async (line, args, values) => {
  const { terminal, signal, nowMs } = line
  const limit = numberOption('--limit', values.limit, MAX_LIMIT)
  if (!Number.isInteger(limit)) throw new UsageError(`--limit is "${String(values.limit)}": it must be a whole number.`)
  const aboveSigma = numberOption('--above', values.above, Number.MAX_VALUE)
  const path = typeof values.out === 'string' ? resolve(line.workingFolder, values.out) : null
  const log = await openStarLog(line.config)
  const scratchFolder = await mkdtemp(join(tmpdir(), 'birthline-diff-'))
  const progress = openProgress(terminal, 'comparing', 'rows', nowMs)
  try {
    const [before, after] = await namedSides(log, args[0], args[1] ?? IN_FORCE)
    const onProgress = (done: number, total: number) => progress.update(done, total)
    const changes = await findReleaseChanges(log, before, after, {
      scratchFolder,
      signal,
      onProgress,
      path,
      aboveSigma,
      limit,
    })
    progress.end()
    for (const gap of [...before.gaps, ...after.gaps]) terminal.note(`birthline: ${gap}`)
    await report(line, before.name, after.name, changes, path)
    return exitCodes.ok
  } finally {
    progress.end()
    await rm(scratchFolder, { recursive: true, force: true })
    await log.close()
  }
}

function numberOption(flag: string, text: unknown, most: number): number {
  const value = Number(text)
  if (typeof text === 'string' && text.trim() !== '' && value >= 0 && value <= most) return value
  throw new UsageError(`${flag} is "${String(text)}": it must be a number from 0 on${most < 1e9 ? ` to ${most}` : ''}.`)
}

/** @throws FusionError QUESTION_INVALID */
async function namedSides(log: Log, beforeName: string, afterName: string): Promise<readonly [NamedSide, NamedSide]> {
  if (beforeName === IN_FORCE && afterName === IN_FORCE) throw sameSides(IN_FORCE)
  // What is in force is so of one survey's family, which the other side tells.
  const first = beforeName === IN_FORCE ? null : await namedSide(log, beforeName)
  const second = afterName === IN_FORCE ? null : await namedSide(log, afterName)
  const family = first?.family ?? second?.family ?? ''
  const before = first ?? (await sideInForce(log, family))
  const after = second ?? (await sideInForce(log, family))
  if (before.family !== after.family) {
    throw new FusionError(
      'QUESTION_INVALID',
      `${before.name} and ${after.name} are of different surveys, ${before.family} and ${after.family}, which share no ids: name two deliveries or releases of one.`,
    )
  }
  if (before.name === after.name) throw sameSides(before.name)
  return [before, after]
}

function sameSides(name: string): FusionError {
  return new FusionError(
    'QUESTION_INVALID',
    `Both sides are ${name}: name two deliveries or releases, \`birthline releases list\` shows them.`,
  )
}

/** A survey's name stands for all its deliveries that were not taken back. */
async function namedSide(log: Log, name: string): Promise<NamedSide> {
  if (!surveyNames().includes(name)) {
    const delivery = await namedDelivery(log, name)
    return sideOf(`delivery ${delivery.ordinal} (${delivery.file}, ${delivery.survey})`, [delivery])
  }
  const all = [...(await readDeliveries(log)).values()].filter(one => one.survey === name)
  const kept = all.filter(one => !isTakenBack(one))
  if (kept.length > 0) return sideOf(name, kept)
  throw new FusionError(
    'QUESTION_INVALID',
    `${all.length === 0 ? `Nothing of ${name} was delivered` : `All that was delivered of ${name} is taken back`}: \`birthline releases list\` shows what was.`,
  )
}

function sideOf(name: string, deliveries: readonly Delivery[]): NamedSide {
  const starts = deliveries.map(({ rawStart = null }) => rawStart)
  return {
    name,
    family: readSurvey(deliveries[0].survey).family,
    ordinals: new Set(deliveries.map(({ ordinal }) => ordinal)),
    rowCount: rowsOf(deliveries),
    rawStart: starts.reduce((least, one) => (least === null || one === null ? null : one < least ? one : least)),
    gaps: deliveries.flatMap(({ ordinal, file, isComplete, nextRow }) =>
      isComplete
        ? []
        : [`delivery ${ordinal} (${file}) stopped before row ${nextRow}, and what follows is not compared`],
    ),
  }
}

async function sideInForce(log: Log, family: string): Promise<NamedSide> {
  const known = surveyNames()
  const deliveries = [...(await readDeliveries(log)).values()].filter(
    ({ survey }) => known.includes(survey) && readSurvey(survey).family === family,
  )
  const waiting = await groupLag(log, pipelineGroups[0].group, pipelineGroups[0].topics)
  return {
    name: `what is in force of ${family}`,
    family,
    ordinals: null,
    rowCount: rowsOf(deliveries),
    rawStart: null,
    gaps: waiting === 0 ? [] : [`${count(waiting)} rows are not ingested yet: what is in force is without them`],
  }
}

function rowsOf(deliveries: readonly Delivery[]): number {
  return deliveries.reduce((sum, { rowCount }) => sum + Number(rowCount), 0)
}

async function report(
  { terminal }: CommandLine,
  before: string,
  after: string,
  changes: ReleaseChanges,
  path: string | null,
): Promise<void> {
  if (terminal.isJson) {
    await terminal.print(JSON.stringify({ before, after, ...changes, path }))
    return
  }
  const { counts, refused, fields, moved } = changes
  const lines = [
    `From ${before} to ${after}: ${count(counts.before)} sources before, ${count(counts.after)} after.`,
    `${count(counts.new)} new, ${count(counts.gone)} gone, ${count(counts.changed)} changed, ${count(counts.unchanged)} unchanged.`,
  ]
  if (refused.before + refused.after > 0) {
    lines.push(`Not compared, since refused: ${count(refused.before)} rows before, ${count(refused.after)} after.`)
  }
  if (fields.length > 0) lines.push('', ...fieldLines(changes))
  const others = [
    [changes.otherFlagsCount, 'other quality flags'],
    [changes.otherLinksCount, 'other ids in other surveys'],
    [changes.otherColumnsCount, 'otherwise in columns that the survey file does not name'],
  ].flatMap(([sources, what]) => (sources === 0 ? [] : [`${count(Number(sources))} ${what}`]))
  if (others.length > 0) lines.push('', `Sources with ${others.join(', ')}.`)
  if (moved.length > 0) lines.push('', 'The largest shifts:', ...movedLines(changes))
  for (const [what, sources, all] of [
    ['New', changes.newSources, counts.new],
    ['Gone', changes.goneSources, counts.gone],
  ] as const) {
    if (sources.length === 0) continue
    const shown = sources.map(({ source, otherId }) => (otherId === null ? source : `${source} (also ${otherId})`))
    const more = all > sources.length ? `, and ${count(all - sources.length)} more` : ''
    lines.push('', `${what}: ${shown.join(', ')}${more}`)
  }
  if (path !== null) lines.push('', `${count(changes.rowCount)} rows in ${path}`)
  for (const text of lines) await terminal.print(text)
}

const right = { align: 'right' } as const

function fieldLines({ fields }: ReleaseChanges): readonly string[] {
  const columns = [
    { title: 'Field' },
    ...['Changed', 'Gained', 'Lost', 'Median shift'].map(title => ({ title, ...right })),
    { title: 'Unit' },
    ...['In sigma', ...tailSigmas.map(sigma => `> ${sigma} sigma`), 'Error ratio', 'Largest'].map(title => ({
      title,
      ...right,
    })),
    { title: 'Of source' },
  ]
  const rows = fields.map(one => [
    one.field,
    ...[one.changedCount, one.gainedCount, one.lostCount].map(count),
    numberText(one.medianShift),
    unitOf(one.field),
    numberText(one.medianSigma),
    ...one.beyond.map(count),
    numberText(one.medianErrRatio),
    numberText(one.largest?.sigma ?? null),
    one.largest?.source ?? '',
  ])
  return renderTable(columns, rows)
}

function movedLines({ moved }: ReleaseChanges): readonly string[] {
  const columns = [
    { title: 'Source' },
    { title: 'Field' },
    { title: 'Shift', ...right },
    { title: 'Unit' },
    { title: 'Sigma', ...right },
    { title: 'Also' },
  ]
  const rows = moved.map(({ source, shifts: [first, ...others] }) => [
    source,
    first.field,
    numberText(first.shift),
    unitOf(first.field),
    numberText(first.sigma),
    others
      .slice(0, SHOWN_FIELDS)
      .map(({ field, sigma }) => `${field} ${numberText(sigma)}`)
      .join(', ') + (others.length > SHOWN_FIELDS ? ', ...' : ''),
  ])
  return renderTable(columns, rows)
}

function unitOf(field: string): string {
  return isQuantity(field) ? quantity(field).unit : 'arcsec'
}

function numberText(value: number | null): string {
  if (value === null) return ''
  if (value === 0) return '0'
  const size = Math.abs(value)
  return size < 1e-3 || size >= 1e5 ? value.toExponential(1) : `${Number(value.toPrecision(3))}`
}

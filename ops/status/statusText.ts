// The pipeline's status as lines for a terminal.
import { count, duration } from '../terminal/progressLine.ts'
import { renderTable } from '../terminal/textTable.ts'
import type { HeartbeatLine, PipelineStatus, StageLine } from './pipelineStatus.ts'

/** @param nowS seconds since 1970 */
export function statusText(status: PipelineStatus, where: string, nowS: number): readonly string[] {
  return [
    headLine(status, where),
    ...status.heartbeats.map(one => heartbeatLine(one, nowS)),
    '',
    ...renderTable(
      stageColumns,
      status.stages.map(stage => stageRow(stage, nowS)),
    ),
    '',
    ...renderTable(
      topicColumns,
      status.topics.map(({ topic, places, sizeBytes, perSecond }) => [
        ...[topic, count(places), sizeBytes === null ? '' : bytesText(sizeBytes), rateText(perSecond)],
      ]),
    ),
    '',
    ...letterLines(status),
    ...waitingLines(status),
    ...status.deliveries.map(deliveryLine),
    ...newestLines(status),
  ]
}

/** Heartbeats come once a second. */
const DEAD_S = 5

const right = 'right' as const
const stageColumns = [
  { title: 'Stage' },
  ...['Lag', 'Consumed', 'Per second', 'Left', 'Last commit'].map(title => ({ title, align: right })),
]
const topicColumns = [{ title: 'Topic' }, ...['Places', 'Bytes', 'Per second'].map(title => ({ title, align: right }))]

function headLine({ state, writerPid, isServing, residentBytes, latency }: PipelineStatus, where: string): string {
  const who = {
    running: writerPid === null ? 'running' : `running as process ${writerPid}`,
    stopped: 'no process writes it',
    unknown: 'no server answers, so who works on it cannot be told',
  }[state]
  const parts = [`${where}: ${who}`]
  if (isServing) parts.push('server answers')
  if (residentBytes !== null) parts.push(`${bytesText(residentBytes)} memory`)
  const { medianS, p99S } = latency
  if (medianS !== null && p99S !== null) {
    parts.push(`row to posterior ${boundText(medianS)} at the median, ${boundText(p99S)} at the 99th percentile`)
  }
  return parts.join(', ')
}

function heartbeatLine({ process, atMs, probe }: HeartbeatLine, nowS: number): string {
  const ageS = Math.max(0, nowS - atMs / 1000)
  const parts = [`Heartbeat of ${process}: ${duration(ageS)} ago`]
  if (ageS > DEAD_S) parts.push('which is too long: it is dead or cut off')
  if (probe !== null) {
    const latency = probe.latencyMs === null ? '' : ` after ${Math.round(probe.latencyMs)} ms`
    parts.push(`last probe ${probe.outcome}${latency}`)
  }
  return parts.join(', ')
}

function stageRow({ stage, lag, consumed, perSecond, lastCommitS }: StageLine, nowS: number): readonly string[] {
  const left = lag > 0 && perSecond !== null && perSecond > 0 ? duration(lag / perSecond) : ''
  const commit = lastCommitS === null ? '' : `${duration(Math.max(0, nowS - lastCommitS))} ago`
  return [stage, count(lag), count(consumed), rateText(perSecond), left, commit]
}

function letterLines({ deadLetters }: PipelineStatus): readonly string[] {
  if (deadLetters === null) return ['Refused records: too many to be counted here, see `birthline dead-letters list`']
  if (deadLetters.length === 0) return ['No refused record waits.']
  return [`Refused records that wait: ${deadLetters.map(one => `${one.code} ${count(one.count)}`).join(', ')}`]
}

function waitingLines({ waitingSpectra }: PipelineStatus): readonly string[] {
  if (waitingSpectra === 0) return []
  return [
    `Spectra that wait for their star: ${waitingSpectra === null ? 'too many to be counted here' : count(waitingSpectra)}`,
  ]
}

function deliveryLine({ file, survey, rows, readRatio, leftS }: PipelineStatus['deliveries'][number]): string {
  const read = readRatio === null ? '' : `, ${Math.floor(100 * readRatio)}% read`
  const left = leftS === null ? '' : `, about ${duration(leftS)} left`
  return `Delivery ${file} (${survey}): ${count(rows)} rows in${read}${left}${readRatio === null ? ', not at its end' : ''}`
}

function newestLines({ newest }: PipelineStatus): readonly string[] {
  if (newest.length === 0) return ['No posterior yet.']
  return [
    'Newest posteriors',
    ...newest.map(
      ({ starId, youngProbability, surveys }) =>
        `  ${starId}  P(young) ${youngProbability.toFixed(3)}  ${surveys.join('+')}`,
    ),
  ]
}

function rateText(perSecond: number | null): string {
  if (perSecond === null) return ''
  return perSecond === 0 || perSecond >= 10 ? count(perSecond) : perSecond.toPrecision(2)
}

function boundText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'over an hour'
  return seconds < 1 ? `within ${Math.round(1000 * seconds)} ms` : `within ${duration(seconds)}`
}

function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

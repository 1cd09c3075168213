// `birthline releases`: what was delivered, what became of it, and back out of it.
import { isRolledBack, isTakenBack, readDeliveries, readTally } from '../../actors/index.ts'
import { type Delivery, type DeliveryTally, FusionError, readSurvey, surveyNames } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { openStarLog } from '../stars/openStarLog.ts'
import { renderTable } from '../terminal/textTable.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'

export const listReleases: CommandCode = async line => {
  const { terminal } = line
  const log = await openStarLog(line.config)
  try {
    const deliveries = [...(await readDeliveries(log)).values()]
    if (terminal.isJson) {
      for (const delivery of deliveries) await terminal.print(JSON.stringify(await deliveryView(log, delivery)))
      return exitCodes.ok
    }
    if (deliveries.length === 0) {
      await terminal.print('Nothing was delivered yet.')
      return exitCodes.ok
    }
    const rows: string[][] = []
    for (const delivery of deliveries) {
      const { number, survey, file, rowCount, state, tally } = await deliveryView(log, delivery)
      const counts = [tally.new, tally.changed, tally.unchanged, tally.superseded, tally.refused]
      rows.push([`${number}`, survey, file, `${rowCount}`, ...counts.map(count => `${count}`), state])
    }
    const right = { align: 'right' as const }
    const titles = [
      { title: 'No', ...right },
      { title: 'Survey' },
      { title: 'File' },
      ...['Rows', 'New', 'Changed', 'Unchanged', 'Superseded', 'Refused'].map(title => ({ title, ...right })),
      { title: 'State' },
    ]
    for (const text of renderTable(titles, rows)) await terminal.print(text)
    return exitCodes.ok
  } finally {
    await log.close()
  }
}

export const showRelease: CommandCode = async (line, args) => {
  const { terminal } = line
  const log = await openStarLog(line.config)
  try {
    const view = await deliveryView(log, await namedDelivery(log, args[0]))
    if (terminal.isJson) {
      await terminal.print(JSON.stringify(view))
      return exitCodes.ok
    }
    const { number, survey, release, file, fingerprint, rowCount, unreadableCount, state, tally } = view
    for (const text of [
      `Delivery ${number}: ${file}, ${survey}${release === null ? '' : ` (${release})`}, ${state}`,
      `Content: ${fingerprint}`,
      `${rowCount} rows taken in, ${unreadableCount} that were no rows.`,
      `As far as they are ingested: ${tally.new} sources new, ${tally.changed} changed, ${tally.unchanged} unchanged, ${tally.superseded} superseded already, ${tally.refused} refused.`,
      ...(isTakenBackState(state)
        ? [`Taken back: ${tally.restored} sources as they were before, ${tally.withdrawn} withdrawn.`]
        : []),
    ]) {
      await terminal.print(text)
    }
    return exitCodes.ok
  } finally {
    await log.close()
  }
}

export const rollBackRelease: CommandCode = async (line, args) => {
  const { terminal, signal } = line
  const looking = await openStarLog(line.config)
  const { ordinal, file } = await namedDelivery(looking, args[0]).finally(() => looking.close())
  const { runPipeline, settle, tellEnd } = await import('../runs/pipelineRun.ts')
  return runPipeline(line, async ({ log, pipeline }) => {
    const result = await pipeline.rollBack(ordinal, signal)
    const isSettled = await settle(line, pipeline)
    const { isComplete, isRepeat, unknownCount } = result
    const { restoredCount, withdrawnCount } = result.spectra ?? (await readTally(log, ordinal))
    const [restored, withdrawn] = [Number(restoredCount), Number(withdrawnCount)]
    const what = result.spectra === undefined ? 'sources' : 'spectra'
    if (terminal.isJson) {
      const counts = { restored, withdrawn, unknown: unknownCount }
      await terminal.print(JSON.stringify({ number: Number(ordinal), file, isRepeat, isComplete, ...counts }))
    } else if (isRepeat) await terminal.print(`${file} was rolled back before: nothing was changed.`)
    else if (isComplete) {
      await terminal.print(
        `${file} is rolled back: ${restored} ${what} are as they were before it, ${withdrawn} are withdrawn.`,
      )
    }
    if (unknownCount > 0) {
      terminal.note(
        `birthline: ${unknownCount} sources stay as they are, since the log does not know what was there before`,
      )
    }
    return tellEnd(line, { isComplete, isSettled })
  })
}

type State = 'complete' | 'rolled back' | `being rolled back` | `stopped before row ${bigint}`

function stateOf(delivery: Delivery): State {
  if (isRolledBack(delivery)) return 'rolled back'
  if (isTakenBack(delivery)) return 'being rolled back'
  return delivery.isComplete ? 'complete' : `stopped before row ${delivery.nextRow}`
}

function isTakenBackState(state: State): boolean {
  return state === 'rolled back' || state === 'being rolled back'
}

async function deliveryView(log: Log, delivery: Delivery) {
  const { ordinal, survey, file, fingerprint, rowCount, badRowCount } = delivery
  return {
    number: Number(ordinal),
    survey,
    release: surveyNames().includes(survey) ? readSurvey(survey).release : null,
    file,
    fingerprint,
    rowCount: Number(rowCount),
    unreadableCount: Number(badRowCount),
    state: stateOf(delivery),
    tally: tallyView(await readTally(log, ordinal)),
  }
}

function tallyView(tally: DeliveryTally) {
  return {
    new: Number(tally.newCount),
    changed: Number(tally.changedCount),
    unchanged: Number(tally.unchangedCount),
    superseded: Number(tally.supersededCount),
    refused: Number(tally.refusedCount),
    restored: Number(tally.restoredCount),
    withdrawn: Number(tally.withdrawnCount),
  }
}

/**
 * A delivery by its number, or by its file where that was delivered once.
 * @throws FusionError QUESTION_INVALID
 */
export async function namedDelivery(log: Log, name: string): Promise<Delivery> {
  const deliveries = await readDeliveries(log)
  const byNumber = /^\d{1,18}$/.test(name) ? deliveries.get(BigInt(name)) : undefined
  if (byNumber !== undefined) return byNumber
  const byFile = [...deliveries.values()].filter(({ file }) => file === name)
  if (byFile.length === 1) return byFile[0]
  const shown = JSON.stringify(name.slice(0, 200))
  throw new FusionError(
    'QUESTION_INVALID',
    byFile.length === 0
      ? `No delivery has the number or the file ${shown}: \`birthline releases list\` shows them.`
      : `${byFile.length} deliveries are of the file ${shown}, ${byFile.map(({ ordinal }) => ordinal).join(', ')}: give the number.`,
  )
}

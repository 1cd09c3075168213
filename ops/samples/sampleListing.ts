// Stars for other programs that tell young ones, and what these say of them.
import { galacticOf, modelObservables, type StarInput } from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { openTable, parseDouble } from '../../streams/index.ts'
import type { SkyStar } from './mixedSky.ts'
import type { LabelledGroup } from './realSample.ts'
import type { BesideScores } from './sampleRun.ts'

/** CSV: key, whether it is young, place in Galactic degrees, parallax and magnitudes; empty where missing. */
export function starList(sky: readonly SkyStar[], groups: readonly LabelledGroup[]): string {
  const line = (isYoung: boolean, { key, given }: StarInput, lDeg?: number, bDeg?: number) => {
    const values = modelObservables.map(
      name => given.find(({ quantity, isLimit }) => quantity === name && !isLimit)?.value,
    )
    const cells = [lDeg, bDeg, ...values].map(value => (value === undefined ? '' : String(Number(value.toFixed(5)))))
    return [key, isYoung ? '1' : '0', ...cells].join(',')
  }
  const real = groups.flatMap(({ isYoung, stars }) =>
    stars.map(({ input, place }) => {
      const at = place === undefined ? undefined : galacticOf(place.raDeg, place.decDeg)
      return line(isYoung, input, at?.lDeg, at?.bDeg)
    }),
  )
  const simulated = sky.map(({ kind, input, lDeg, bDeg }) => line(kind.isYoung, input, lDeg, bDeg))
  return `${[['star', 'young', 'lDeg', 'bDeg', ...modelObservables].join(','), ...simulated, ...real].join('\n')}\n`
}

/**
 * @param text `NAME=FILE`, a table with the columns star and score
 * @throws FusionError CONFIG_INVALID, FILE_UNREADABLE
 */
export async function readBeside(text: string, pathOf: (file: string) => string): Promise<BesideScores> {
  const [, name, file] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (name === undefined || file === undefined)
    throw new FusionError('CONFIG_INVALID', `--beside is "${text}": write NAME=FILE, such as Sagitta=sagitta.csv.`)
  const table = await openTable(pathOf(file))
  try {
    const lacking = ['star', 'score'].filter(wanted => !table.columns.some(column => column.name === wanted))
    if (lacking.length > 0)
      throw new FusionError(
        'CONFIG_INVALID',
        `${table.path} has no column ${lacking.join(', ')}; --beside needs star and score.`,
      )
    const scores = new Map<string, number>()
    for await (const { rows } of table.batches()) {
      for (const row of rows) {
        const score = parseDouble(row.score ?? null)
        if (score === null || score === undefined) continue
        if (!(score >= 0 && score <= 1))
          throw new FusionError('CONFIG_INVALID', `${table.path} has a score of ${score}; scores are from 0 to 1.`)
        scores.set(String(row.star), score)
      }
    }
    return { name, scores }
  } finally {
    await table.close()
  }
}

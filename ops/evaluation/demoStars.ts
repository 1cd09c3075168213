// The clusters that come with birthline: their survey files ingested and fused, in memory and by the pipeline's own steps.
import { toStarInput } from '../../actors/index.ts'
import {
  createSkySource,
  findStarChanges,
  footprintOf,
  rankSurveys,
  type SkySource,
  type SurveyLevels,
} from '../../models/index.ts'
import { type Observation, readSurvey, type Star, surveyNames } from '../../schemas/index.ts'
import { openTable, readColumnMap } from '../../streams/index.ts'
import { type DemoFile, type DemoPlan, demoFile } from '../demo/demoPlan.ts'
import { type RealStar, type StarGroup, saturatedIn } from './realStar.ts'
import { openSurveyRows } from './surveyRows.ts'

/** One group for each cluster of the plan. */
export async function readDemoGroups(plan: DemoPlan): Promise<readonly StarGroup[]> {
  const groups: StarGroup[] = []
  for (const { cluster, title } of plan.clusters) {
    const files = plan.files.filter(file => file.cluster === cluster)
    const observations: Observation[] = []
    for (const file of files) observations.push(...(await readObservations(file)))
    groups.push({
      name: `${cluster}Demo`,
      title,
      cluster,
      surveys: [...new Set(files.map(file => file.survey))],
      reference: 'ops/demo/ORIGIN.md',
      stars: fuseObservations(observations).map(toRealStar),
      leftOut: new Map(),
    })
  }
  return groups
}

async function readObservations({ file, survey, map }: DemoFile): Promise<readonly Observation[]> {
  const table = await openTable(demoFile(file))
  try {
    const rows = openSurveyRows(survey, map === undefined ? null : await readColumnMap(demoFile(map)), table)
    const observations: Observation[] = []
    for await (const batch of table.batches()) {
      batch.rows.forEach((row, i) => {
        const outcome = rows.observe(row, batch.rowNumbers[i])
        if ('observation' in outcome) observations.push(outcome.observation)
      })
    }
    return observations
  } finally {
    await table.close()
  }
}

/** The stars that remain once all observations have arrived, one after another. */
export function fuseObservations(observations: readonly Observation[]): readonly Star[] {
  const levels: SurveyLevels = rankSurveys(surveyNames().map(readSurvey))
  const sources = new Map<string, SkySource>()
  const stars = new Map<string, Star>()
  for (const observation of observations) {
    const added = createSkySource(observation, levels)
    // Releases of one family share their ids: the newer one stays.
    const key = `${added.family}:${observation.source}`
    const removed = sources.get(key) ?? null
    if (removed !== null && removed.observation.releaseRank > observation.releaseRank) continue
    sources.delete(key)
    const moved = removed === null ? [added] : [added, removed]
    const present = [...sources.values()].filter(
      other => other.isFast || moved.some(one => one.isFast || isSameBand(other, one)),
    )
    const touched = [added, removed].flatMap(source => (source === null ? [] : footprintOf(source.observation).regions))
    for (const region of new Set(touched)) {
      const changes = findStarChanges({ present, removed, added, region }, levels)
      for (const star of changes.stars) {
        if (star.isRetired) stars.delete(star.starId)
        else stars.set(star.starId, star)
      }
    }
    sources.set(key, added)
  }
  return [...stars.values()]
}

/** Within 0.2 degrees of declination: far more than any source can matter to another. */
function isSameBand(a: SkySource, b: SkySource): boolean {
  const bandSine = 0.0035
  return Math.abs(a.reference.z - b.reference.z) < bandSine
}

function toRealStar(star: Star): RealStar {
  return {
    input: toStarInput(star),
    place: { raDeg: star.raDeg, decDeg: star.decDeg },
    labels: [],
    flags: star.flags,
    saturated: saturatedIn(star.measurements),
    isMember: true,
  }
}

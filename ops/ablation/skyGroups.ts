// Real stars as the ablation takes them: of each group half is adapted to without labels, the other half is judged.
import type { SkyLabels, SkyStars } from '../../models/index.ts'
import type { DemoPlan } from '../demo/demoPlan.ts'
import { readCatalogueGroups } from '../evaluation/catalogueStars.ts'
import { readDemoGroups } from '../evaluation/demoStars.ts'
import { type ClusterFacts, readClusterFacts } from '../evaluation/literatureAges.ts'
import { type RealStar, type StarGroup, sampleByHash } from '../evaluation/realStar.ts'

export interface SkyGroups {
  readonly groups: readonly StarGroup[]
  readonly facts: ReadonlyMap<string, ClusterFacts>
}

/**
 * The groups that Gaia sees. A cluster that the folder has too is left out of those that come with birthline: no star is in two groups.
 * @param folder of published tables; null for the stars that come with birthline alone
 * @throws FusionError as `readCatalogueGroups` does
 */
export async function readSkyGroups(plan: DemoPlan, folder: string | null): Promise<SkyGroups> {
  const catalogued = folder === null ? [] : await readCatalogueGroups(folder)
  const demo = await readDemoGroups(plan)
  const groups = [
    ...catalogued,
    ...demo.filter(({ cluster }) => !catalogued.some(other => other.cluster === cluster)),
  ].filter(({ surveys }) => surveys.some(survey => survey.startsWith('gaia')))
  return { groups, facts: await readClusterFacts(plan, folder) }
}

const MIN_LABELS = 10

/** Other halves for every seed, the same in every run. */
export function halveSky({ groups, facts }: SkyGroups, seed: number): SkyStars {
  const keyOf = ({ input }: RealStar) => `${seed} ${input.key}`
  const adapted: RealStar[] = []
  const judged: RealStar[] = []
  const labels: SkyLabels[] = []
  for (const group of groups) {
    const half = new Set(sampleByHash(group.stars, Math.floor(group.stars.length / 2), keyOf))
    const others = group.stars.filter(star => !half.has(star))
    adapted.push(...half)
    labels.push(...labelsOf(group, others, judged.length, facts))
    judged.push(...others)
  }
  const inputs = (stars: readonly RealStar[]) => stars.map(({ input }) => input)
  return { adapted: inputs(adapted), judged: inputs(judged), labels }
}

/** Of a group's judged stars, which are rows `first` and on of all. */
function labelsOf(
  { title, cluster }: StarGroup,
  stars: readonly RealStar[],
  first: number,
  facts: ReadonlyMap<string, ClusterFacts>,
): readonly SkyLabels[] {
  const range = (cluster === null ? null : facts.get(cluster)?.logAgeYrRange) ?? null
  const ages = stars.flatMap(({ isMember }, k) => {
    if (range === null || !isMember) return []
    const [low, high] = range
    // As if every age between the lowest and the highest published one were as likely.
    return [{ star: first + k, value: (low + high) / 2, err: (high - low) / Math.sqrt(12) }]
  })
  const temperatures = stars.flatMap((star, k) => {
    const label = star.labels.find(({ quantity }) => quantity === 'teffK')
    if (label === undefined) return []
    return [{ star: first + k, value: Math.log10(label.value), err: label.err / (label.value * Math.LN10) }]
  })
  const all: readonly SkyLabels[] = [
    { group: title, parameter: 'logAgeYr', isCluster: true, labels: ages },
    { group: title, parameter: 'logTeffK', isCluster: false, labels: temperatures },
  ]
  return all.filter(one => one.labels.length >= MIN_LABELS)
}

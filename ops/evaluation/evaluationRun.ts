// Runs the evaluation: real stars -> posteriors -> comparison with what is known of them by other means.
import { agePrior, column, type InferOptions, type Simulation, type Simulator } from '../../models/index.ts'
import { starClasses, youngClasses } from '../../schemas/index.ts'
import type { DemoPlan } from '../demo/demoPlan.ts'
import { readCatalogueGroups } from './catalogueStars.ts'
import { judgeCluster, judgeSimulated } from './clusterJudge.ts'
import { readDemoGroups } from './demoStars.ts'
import { judgeDwarfColours } from './dwarfColours.ts'
import type { EvaluationReport, SimulatedReport } from './evaluationReport.ts'
import { type Infer, type InferredStar, inferGroups } from './inferredStar.ts'
import { judgeDistances, judgeLabels } from './labelJudge.ts'
import { type ClusterFacts, readClusterFacts } from './literatureAges.ts'
import type { StarGroup } from './realStar.ts'
import { drawSimulatedClusters } from './simulatedClusters.ts'
import { judgeYouth } from './youthJudge.ts'

export interface EvaluationRun {
  readonly plan: DemoPlan
  /** Folder of catalogues; `null` judges the demo's stars alone. */
  readonly catalogueFolder: string | null
  /** Its prior is the one that the model was trained under. */
  readonly simulator: Simulator
  readonly infer: Infer
  readonly options: InferOptions
  readonly modelFingerprint: string
  /** Simulated stars: of each cluster whose age is known, to measure the prior by, and to look for plain dwarfs among. */
  readonly sizes: { readonly clusterStars: number; readonly priorDraws: number; readonly dwarfDraws: number }
  /** The command that does this run again. */
  readonly command: string
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

const AGE_BIN_DEX = 0.03
/** Far from the seeds of training, validation and calibration. */
const SEED_OFFSET = 9_000_011
const simulatedLogAgesYr = [6.3, 7, 7.6, 8.5, 9.2, 9.6]

export const evaluationSizes: EvaluationRun['sizes'] = {
  clusterStars: 80,
  priorDraws: 60_000,
  dwarfDraws: 400_000,
}

export async function runEvaluation(run: EvaluationRun): Promise<EvaluationReport> {
  const { catalogueFolder, options, plan, signal, simulator } = run
  const seed = Number(BigInt.asUintN(52, options.seed)) + SEED_OFFSET
  const catalogued = catalogueFolder === null ? [] : await readCatalogueGroups(catalogueFolder)
  const isCatalogued = ({ cluster }: StarGroup) => catalogued.some(other => other.cluster === cluster)
  const demo = (await readDemoGroups(plan)).map(group =>
    isCatalogued(group) ? { ...group, title: `${group.title}, demo` } : group,
  )
  const groups = [...catalogued, ...demo]
  const facts = await readClusterFacts(plan, catalogueFolder)
  const clusters = await drawSimulatedClusters(simulator, {
    logAgesYr: simulatedLogAgesYr,
    starCount: run.sizes.clusterStars,
    seed,
    signal,
  })
  const simulatedCount = clusters.reduce((sum, { inputs }) => sum + inputs.length, 0)
  let answered = 0
  let total = simulatedCount
  const stars = await inferGroups(groups, run.infer, options, (done, realCount) => {
    signal.throwIfAborted()
    answered = done
    total = realCount + simulatedCount
    run.onProgress(done, total)
  })
  const drawn = simulator.draw({ seed: seed + 1, first: 0, count: run.sizes.priorDraws })
  const prior = agePrior(column(drawn.parameters, 'logAgeYr'), AGE_BIN_DEX)
  const simulated: SimulatedReport[] = []
  for (const { logAgeYr, inputs } of clusters) {
    signal.throwIfAborted()
    if (inputs.length > 0) simulated.push(judgeSimulated(logAgeYr, await run.infer(inputs, options), prior))
    answered += inputs.length
    run.onProgress(answered, total)
  }
  return {
    title: 'Real stars',
    command: run.command,
    modelFingerprint: run.modelFingerprint,
    seed: options.seed.toString(),
    sampleCount: options.sampleCount,
    youngPrior: youngClasses.reduce((sum, name) => sum + simulator.classPrior[starClasses.indexOf(name)], 0),
    priorErrs: priorErrs(drawn),
    groups: groups.map(groupFacts),
    labels: groups.flatMap(group => judgeLabels(group, stars, seed)),
    distances: judgeDistances(groups, stars, seed),
    clusters: judgeClusters(groups, facts, stars, prior),
    simulated,
    youth: judgeYouth(groups, facts, stars),
    dwarfColours: await judgeDwarfColours(simulator, { seed: seed + 2, draws: run.sizes.dwarfDraws, signal }),
  }
}

function priorErrs({ parameters, derived }: Simulation): EvaluationReport['priorErrs'] {
  const half = (values: ArrayLike<number>) => {
    const sorted = Float64Array.from(values).sort()
    const at = (level: number) => sorted[Math.round(level * (sorted.length - 1))]
    return (at(0.841345) - at(0.158655)) / 2
  }
  return {
    teffK: half(column(parameters, 'logTeffK').map(log => 10 ** log)),
    loggDex: half(column(derived, 'loggDex')),
    logDistancePc: half(column(parameters, 'logDistancePc')),
    logAgeYr: half(column(parameters, 'logAgeYr')),
  }
}

function judgeClusters(
  groups: readonly StarGroup[],
  facts: ReadonlyMap<string, ClusterFacts>,
  stars: readonly InferredStar[],
  prior: Parameters<typeof judgeCluster>[3],
): EvaluationReport['clusters'] {
  const reports = groups.flatMap(group => {
    const known = group.cluster === null ? undefined : facts.get(group.cluster)
    const report = known === undefined ? null : judgeCluster(group, known, stars, prior)
    return report === null ? [] : [report]
  })
  const middleOf = ({ logAgeYrRange, age }: (typeof reports)[number]) =>
    logAgeYrRange === null ? age.logAgeYr.q50 : (logAgeYrRange[0] + logAgeYrRange[1]) / 2
  return reports.sort((a, b) => middleOf(a) - middleOf(b))
}

function groupFacts({
  name,
  title,
  surveys,
  reference,
  stars,
  leftOut,
}: StarGroup): EvaluationReport['groups'][number] {
  const reasons = [...leftOut].map(([reason, count]) => ({ reason, count }))
  return { name, title, surveys, reference, starCount: stars.length, leftOut: reasons }
}

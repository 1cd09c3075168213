// A simulated sky: stars of every kind that Gaia, 2MASS and WISE have seen, and how rare each kind is.
import {
  checkForwardRecipe,
  column,
  createRng,
  openSimulator,
  type Rng,
  type Simulation,
  type Simulator,
  type StarInput,
  simulatedGiven,
  simulatedSpectra,
} from '../../models/index.ts'
import { CLOUD_HEIGHT_PC, SKY_LIMIT_MAG, type SkyKind, type SkySource, skySources } from './skyKinds.ts'

export interface SkyStar {
  readonly kind: SkyKind
  readonly input: StarInput
  readonly lDeg: number
  readonly bDeg: number
  /** Null for what lies outside the Galaxy. */
  readonly distancePc: number | null
  /** Null where the simulator gives none. */
  readonly logAgeYr: number | null
}

export interface MixedSky {
  readonly stars: readonly SkyStar[]
  /** By kind: its share among the stars of the sky. Kinds of which no star was found have none. */
  readonly shares: ReadonlyMap<string, number>
}

export interface SkyRequest {
  readonly seed: number
  /** Stars wanted, of all kinds together; rare kinds may give fewer. */
  readonly starCount: number
  /** Whether the stars have Gaia's XP spectra, where Gaia would publish them. */
  readonly hasSpectra: boolean
  /** Whether common kinds keep all that was looked at to find enough of the rare ones. */
  readonly keepsAll: boolean
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** Bands that every star of the sky has. */
const neededBands = ['parallaxMas', 'gMag', 'bpMag', 'rpMag', 'jMag', 'hMag', 'ksMag', 'w1Mag', 'w2Mag']
const BATCH = 1000
const PLACES = 0x5a3e

/** @throws FusionError CONFIG_INVALID from the simulator */
export async function drawSky(request: SkyRequest): Promise<MixedSky> {
  const stars: SkyStar[] = []
  const shares = new Map<string, number>()
  const rest = 1e6 - skySources.reduce((sum, { perMillion }) => sum + (perMillion ?? 0), 0)
  for (const [s, source] of skySources.entries()) {
    const found = await drawSource(source, { ...request, seed: request.seed + s }, done =>
      request.onProgress(stars.length + done, request.starCount),
    )
    stars.push(...found.stars)
    const all = found.seen.reduce((sum, count) => sum + count, 0)
    source.kinds.forEach((kind, k) => {
      if (found.seen[k] > 0) shares.set(kind.name, ((source.perMillion ?? rest) * found.seen[k]) / all / 1e6)
    })
  }
  return { stars, shares }
}

async function drawSource(source: SkySource, request: SkyRequest, onDone: (done: number) => void) {
  const { seed, starCount, signal } = request
  const open = (surveys: readonly string[]) =>
    openSimulator(checkForwardRecipe({ name: source.name, components: source.components, surveys }, () => source.name))
  const plain = open(['gaiaDr3', 'twoMass', 'allWise'])
  // A star is the same with spectra and without, and only few of those that are looked at are kept.
  const full = request.hasSpectra ? open(['gaiaDr3', 'twoMass', 'allWise', 'gaiaXp']) : plain
  const places = createRng(seed, PLACES)
  const wanted = source.kinds.map(({ part }) => Math.ceil(part * starCount))
  const seen = wanted.map(() => 0)
  const stars: SkyStar[] = []
  const most = Math.ceil(source.drawsPerStar * starCount)
  for (let first = 0; first < most && wanted.some((count, k) => seen[k] < count); first += BATCH) {
    signal.throwIfAborted()
    const simulation = plain.draw({ seed, first, count: Math.min(BATCH, most - first) })
    for (let i = 0; i < simulation.count; i++) {
      const kind = kindAt(source, plain, simulation, i)
      if (kind < 0 || (seen[kind]++ >= wanted[kind] && !request.keepsAll)) continue
      const place = first + i
      const [whole, at] = request.hasSpectra ? [full.draw({ seed, first: place, count: 1 }), 0] : [simulation, i]
      places.seek(place)
      stars.push(starAt(source, source.kinds[kind], whole, at, `sky:${source.name}:${seed}:${place}`, places))
    }
    onDone(stars.length)
    await new Promise(resolve => setImmediate(resolve))
  }
  return { stars, seen }
}

/** The place of its kind, below zero where it is none of the sky's stars. */
function kindAt(source: SkySource, { classes }: Simulator, simulation: Simulation, i: number): number {
  const { presence, observables, classIndex } = simulation
  if (neededBands.some(name => column(presence, name)[i] !== 1)) return -1
  if (column(observables, 'gMag')[i] >= SKY_LIMIT_MAG) return -1
  return source.kinds.findIndex(kind => kind.classes.includes(classes[classIndex[i]]))
}

function starAt(
  source: SkySource,
  kind: SkyKind,
  simulation: Simulation,
  i: number,
  key: string,
  places: Rng,
): SkyStar {
  const known = (name: string) => {
    const isDefined = simulation.defined?.get(name)?.[i] ?? 1
    return isDefined === 1 ? column(simulation.parameters, name)[i] : null
  }
  const logDistance = known('logDistancePc')
  const distancePc = logDistance === null ? null : 10 ** logDistance
  return {
    kind,
    input: { key, given: simulatedGiven(simulation, i), spectra: simulatedSpectra(simulation, i) },
    ...(source.isPlaced === true && distancePc !== null
      ? placeInDisk(distancePc, places)
      : { lDeg: column(simulation.nuisances, 'lDeg')[i], bDeg: column(simulation.nuisances, 'bDeg')[i] }),
    distancePc,
    logAgeYr: known('logAgeYr'),
  }
}

/** Any longitude, and a height above the plane that is exponential on both sides. */
function placeInDisk(distancePc: number, rng: Rng): { readonly lDeg: number; readonly bDeg: number } {
  const lDeg = 360 * rng.uniform()
  const side = rng.uniform() - 0.5
  const heightPc = -CLOUD_HEIGHT_PC * Math.sign(side) * Math.log(1 - 2 * Math.abs(side))
  const sine = Math.max(-1, Math.min(1, heightPc / distancePc))
  return { lDeg, bDeg: (Math.asin(sine) * 180) / Math.PI }
}

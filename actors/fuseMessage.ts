// What a record asks of the fusion of a region, read once and looked at by every step after it.
import {
  createSpectrumSource,
  type GaiaPlace,
  liesAt,
  modalityOf,
  NEAR_REACH_ARCSEC,
  patchesAround,
  patchesAt,
  patchesWithin,
  placeOfGaiaId,
  type SkySource,
  type SurveyLevels,
} from '../models/index.ts'
import { decode, isFusionError, type Spectrum } from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import { outputOf } from './behavior.ts'
import { refuseRecord } from './deadLetter.ts'
import { type KeptSource, readSource, stateKey } from './fuseEntry.ts'
import { ownerOf, postSpectrum, XP_STARS } from './starSpectrum.ts'

export const FUSE = 'fuse'

export type FuseMessage =
  | {
      readonly kind: 'arrived'
      readonly region: number
      readonly source: SkySource
      readonly turn: bigint
      /** Whether it comes in the place of something that was taken back, or is taken back itself. */
      readonly isTakingBack: boolean
      /** Patches to keep it in; none when the region need not know it (any more). */
      readonly patches: readonly number[]
      /** Patches that hold what it supersedes. */
      readonly formerPatches: readonly number[]
      /** State keys that it nearly always suffices to look at. */
      readonly near: readonly string[]
      /** Where a spectrum of it may wait; null where none does. */
      readonly waitingKey: string | null
      /** Sent on when this region is done. */
      readonly forward: Output | null
      /** A record of those of a spectrum, no bytes where it is withdrawn; null for what has none. */
      readonly pixels: Uint8Array | null
      /** Of a spectrum the delivery that it takes back; 0 where it takes none. */
      readonly takesBack: bigint
    }
  | {
      readonly kind: 'spectrum'
      readonly region: number
      readonly spectrum: Spectrum
      readonly waitingKey: string
      /** State keys of the patches that its star may lie in. */
      readonly near: readonly string[]
    }
  /** A spectrum for another region, or one that is of no use. */
  | { readonly kind: 'posted'; readonly emit: readonly Output[] }
  | { readonly kind: 'refused'; readonly letter: Output }

/** A record of `observations` or `spectra` -> what it asks of a region, or why it is refused. Pure. */
export function readFuseRecord(record: LogRecord, levels: SurveyLevels): FuseMessage {
  if (record.topic !== 'spectra') return readSighting(record, levels)
  try {
    return { kind: 'posted', emit: postSpectrum(record) }
  } catch (error) {
    if (!isFusionError(error)) throw error
    return { kind: 'refused', letter: refuseRecord(record, FUSE, error.code, error.message) }
  }
}

/** A record of `observations` -> what it asks of its region, or why it is refused. Pure. */
export function readSighting(record: LogRecord, levels: SurveyLevels): FuseMessage {
  try {
    const sighting = decode('sighting', record.value ?? new Uint8Array())
    const region = Number(record.key)
    if (sighting.spectrum !== undefined && sighting.spectrum.length > 0) {
      const spectrum = decode('spectrum', sighting.spectrum)
      return modalityOf(spectrum.survey) === null
        ? readSpectrum(region, spectrum)
        : readPixels(region, spectrum, sighting.pixels ?? new Uint8Array())
    }
    const source = readSource(sighting.observation, levels)
    const { observation } = source
    const [next, ...handOver] = sighting.handOver
    // Whoever comes by here again on the way only lets go now, and is taken in at the end of the way.
    const comesAgain = sighting.handOver.includes(BigInt(region))
    const { turn = 0n, standing = 'inForce' } = sighting
    const patches = comesAgain || standing === 'withdrawn' ? [] : patchesWithin(region, observation)
    const formerPatches = sighting.formerPatches.map(Number)
    return {
      kind: 'arrived',
      region,
      source,
      turn,
      isTakingBack: standing !== 'inForce',
      patches,
      formerPatches,
      near: keysWithin({ region, source, patches, formerPatches }, NEAR_REACH_ARCSEC),
      waitingKey: patches.length > 0 ? waitingKeyOf(region, source) : null,
      forward:
        next === undefined ? null : outputOf('observations', next.toString(), 'sighting', { ...sighting, handOver }),
      pixels: null,
      takesBack: 0n,
    }
  } catch (error) {
    if (!isFusionError(error)) throw error
    return { kind: 'refused', letter: refuseRecord(record, FUSE, error.code, error.message) }
  }
}

function readSpectrum(region: number, spectrum: Spectrum): FuseMessage {
  const place = placeOfGaiaId(spectrum.source)
  const patches = place === null ? [] : patchesAt(place)
  const waitingKey = stateKey(region, ownerOf(spectrum))
  return { kind: 'spectrum', region, spectrum, waitingKey, near: patches.map(patch => stateKey(region, patch)) }
}

/** A spectrum with pixels is a source among others, which ingest does not decide about. */
function readPixels(region: number, { takesBack = 0n, ...spectrum }: Spectrum, pixels: Uint8Array): FuseMessage {
  const source = createSpectrumSource(spectrum)
  const patches = patchesWithin(region, source.observation)
  const place = { region, source, patches, formerPatches: [] }
  return {
    ...{ kind: 'arrived', ...place, turn: 0n, isTakingBack: false, waitingKey: null, forward: null, pixels, takesBack },
    ...(pixels.length === 0 ? { patches: [], formerPatches: patches } : {}),
    near: keysWithin(place, NEAR_REACH_ARCSEC),
  }
}

/** Only where a spectrum would find it too: it must not matter which of them comes first. */
function waitingKeyOf(region: number, source: SkySource): string | null {
  const place = placeByName(source)
  return place?.region === region && liesAt(place, source) ? stateKey(region, source.id) : null
}

function placeByName({ observation }: SkySource): GaiaPlace | null {
  return observation.survey === XP_STARS ? placeOfGaiaId(observation.source) : null
}

/** Whether a spectrum finds its star in it. */
export function isFound({ source }: KeptSource, owner: string): boolean {
  if (source.id !== owner) return false
  const place = placeByName(source)
  return place !== null && liesAt(place, source)
}

export type Arrived = Extract<FuseMessage, { kind: 'arrived' }>

/** State keys of all patches around a source, and around what it supersedes. */
export function keysWithin(
  { region, source, patches, formerPatches }: Pick<Arrived, 'region' | 'source' | 'patches' | 'formerPatches'>,
  radiusArcsec: number,
): string[] {
  const around = patchesAround(source.observation, formerPatches, radiusArcsec)
  return [...new Set([...around, ...patches])].map(patch => stateKey(region, patch))
}

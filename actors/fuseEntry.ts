// What a region of the sky remembers between two steps of the fusion: patches of sources, spectra that wait, pixels.
import {
  createSkySource,
  createSpectrumSource,
  isSpectrumSource,
  type SkySource,
  type SurveyLevels,
} from '../models/index.ts'
import { decode, encode, type Observation, type Spectrum } from '../schemas/index.ts'
import type { StatePlan } from './keyedState.ts'

/** Spectra whose star is not known. */
export const WAITING_SPECTRA = 'waiting-spectra'
/** Pixels of spectra, as stars are given them. */
export const PIXELS = 'pixels'
/** Pixels of a spectrum that weigh as much as a source does. */
const PIXEL_BYTES_PER_WEIGHT = 1000

/** What a region knows of a patch of sky: the observations in force, by id. */
export interface FusePatch {
  readonly region: number
  readonly patch: number
  readonly sources: readonly KeptSource[]
}

export interface KeptSource {
  readonly source: SkySource
  /** Of ingest's decision that put it in force; 0 for a spectrum, whose revision decides. */
  readonly turn: bigint
}

/**
 * Patches by `region/patch`; spectra without pixels that wait, by `region/survey:source` of their star; pixels, a record of
 * them, by `region/#spectrumId`.
 */
export type FuseEntry = FusePatch | { readonly waiting: Spectrum } | { readonly pixels: Uint8Array }

export function stateKey(region: number, patch: number | string): string {
  return `${region}/${patch}`
}

export function pixelsKey(region: number, spectrumId: string): string {
  return stateKey(region, `#${spectrumId}`)
}

/** Columns that no survey file names are provenance, not evidence: they stay in the topic of observations. */
export function readSource(bytes: Uint8Array, levels: SurveyLevels, spectrum: Uint8Array = none): SkySource {
  const known = spectrum.length === 0 ? null : decode('spectrum', spectrum)
  if (bytes.length === 0 && known !== null) return createSpectrumSource(known)
  const observation: Observation = { ...decode('observation', bytes), extra: {} }
  return createSkySource(observation, levels, known)
}

const none = new Uint8Array()

function encodePatch({ region, patch, sources }: FusePatch): Uint8Array {
  const hasSpectra = sources.some(({ source }) => source.spectrum !== null)
  return encode('fuseChange', {
    region: BigInt(region),
    patch: BigInt(patch),
    observations: sources.map(({ source }) =>
      isSpectrumSource(source) ? none : encode('observation', source.observation),
    ),
    turns: sources.map(({ turn }) => turn),
    spectra: hasSpectra
      ? sources.map(({ source: { spectrum } }) => (spectrum === null ? none : encode('spectrum', spectrum)))
      : [],
  })
}

function decodePatch(bytes: Uint8Array, levels: SurveyLevels): FusePatch {
  const { region, patch, observations, turns = [], spectra = [] } = decode('fuseChange', bytes)
  const sources = observations.map((observation, i) => ({
    source: readSource(observation, levels, spectra[i]),
    turn: turns[i] ?? 0n,
  }))
  return { region: Number(region), patch: Number(patch), sources }
}

const kindOf = (key: string) => (key.includes(':') ? 'waiting' : key.includes('#') ? 'pixels' : 'patch')
const topicOfKind = { waiting: WAITING_SPECTRA, pixels: PIXELS, patch: 'fuse-changes' } as const

export function fuseState(levels: SurveyLevels): StatePlan<FuseEntry> {
  return {
    topicOf: key => topicOfKind[kindOf(key)],
    decode(bytes, key) {
      const kind = kindOf(key)
      if (kind === 'pixels') return { pixels: bytes }
      return kind === 'waiting' ? { waiting: decode('spectrum', bytes) } : decodePatch(bytes, levels)
    },
    encode(entry) {
      if ('pixels' in entry) return entry.pixels
      return 'waiting' in entry ? encode('spectrum', entry.waiting) : encodePatch(entry)
    },
    weigh(entry) {
      if ('pixels' in entry) return entry.pixels.length / PIXEL_BYTES_PER_WEIGHT
      return 'waiting' in entry ? 1 : entry.sources.length + 1
    },
    maxWeight: 4000,
  }
}

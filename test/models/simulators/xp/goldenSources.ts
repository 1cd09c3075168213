// The real sources that GaiaXPy has answered for.
import { readFileSync } from 'node:fs'
import type { XpBandCoefficients } from '../../../../models/simulators/xp/xpCalibration.ts'
import { packageFile } from '../../../../schemas/index.ts'

interface Sampled {
  /** Null where GaiaXPy gives no number. */
  readonly flux: readonly (number | null)[]
  readonly error: readonly (number | null)[]
}

export interface GoldenBand extends XpBandCoefficients {
  readonly relevantBases: number
  readonly measurements: number
}

export interface GoldenSource {
  readonly sourceId: string
  readonly bp: GoldenBand | null
  readonly rp: GoldenBand | null
  readonly archive: Sampled
  readonly truncated: Sampled
  readonly irregular: Sampled
  readonly internalBp?: Sampled
  readonly internalRp?: Sampled
  readonly magnitudes: { readonly G: number | null; readonly BP: number | null; readonly RP: number | null }
  /** The sampled spectrum that the Gaia archive itself publishes. */
  readonly published?: Sampled
}

export const goldenXp = JSON.parse(readFileSync(packageFile('test', 'golden', 'xp', 'xpGolden.json'), 'utf8')) as {
  readonly irregularNm: readonly number[]
  readonly pseudoWavelengths: readonly number[]
  readonly sources: readonly GoldenSource[]
}

export const proxima = goldenXp.sources[0]
export const withoutBp = goldenXp.sources[1]

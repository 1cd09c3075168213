// What the API answers of a star, as far as the page reads it; 64-bit numbers are strings.

export interface SummaryAnswer {
  readonly parameter: string
  readonly mean: number
  readonly sd: number
  readonly q025: number
  readonly q16: number
  readonly q50: number
  readonly q84: number
  readonly q975: number
}

export interface ClassAnswer {
  readonly name: string
  readonly probability: number
  readonly prior: number
}

export interface PosteriorAnswer {
  readonly posteriorId: string
  readonly starId: string
  readonly starVersion: string
  readonly raDeg: number
  readonly decDeg: number
  readonly surveys: readonly string[]
  readonly observables: readonly string[]
  readonly model: string
  readonly seed: string
  readonly sampleCount: number
  readonly summaries: readonly SummaryAnswer[]
  readonly classes: readonly ClassAnswer[]
  readonly youngProbability: number
  readonly flags: readonly string[]
  readonly schemas: string
  readonly isReprocessed?: boolean
  readonly familiarity?: number | null
}

export type SampleLists = Readonly<Record<string, readonly number[]>>

export interface SampledPosterior extends PosteriorAnswer {
  readonly samples: SampleLists
}

export interface MeasurementAnswer {
  readonly quantity: string
  readonly value: number
  readonly err: number
  readonly isLimit: boolean
  readonly survey: string
}

export interface StarAnswer {
  readonly starId: string
  readonly version: string
  readonly raDeg: number
  readonly decDeg: number
  readonly epochJyr: number
  readonly sources: readonly {
    readonly survey: string
    readonly source: string
    readonly matchedBy: string
    readonly matchProbability: number
    readonly separationArcsec: number | null
    readonly origin: string
  }[]
  readonly measurements: readonly MeasurementAnswer[]
  readonly isAmbiguous: boolean
  readonly flags: readonly string[]
  readonly isRetired: boolean
  readonly spectra?: readonly { readonly survey: string; readonly product: string; readonly file: string }[]
  readonly pixelSpectra?: readonly { readonly survey: string; readonly product: string; readonly file: string }[]
  readonly posterior: PosteriorAnswer | null
}

export interface HistoryAnswer {
  readonly starId: string
  readonly isMore: boolean
  readonly entries: readonly { readonly index: number; readonly posterior: PosteriorAnswer }[]
}

/** The vocabulary, from /v1/quantities. */
export interface QuantityAnswer {
  readonly name: string
  readonly role: 'observable' | 'parameter' | 'derived'
  readonly unit: string
  readonly symbol: string
  readonly description: string
  readonly band: { readonly pivotUm: number; readonly zeroPointJy: number } | null
}

export interface AskAnswer {
  readonly drawnBy: string
  readonly observables: readonly string[]
  readonly sampleCount: number
  readonly drawCount: number
  readonly effectiveCount: number
  readonly conditionProbability: number | null
  readonly flags: readonly string[]
  readonly given: readonly string[]
  readonly answers: readonly (Omit<SummaryAnswer, 'parameter'> & { readonly name: string; readonly unit: string })[]
  readonly samples?: SampleLists
}

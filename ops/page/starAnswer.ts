// What the API answers of a star, as its own description types it; 64-bit numbers are strings.
import type { Routes } from '../client/apiTypes.ts'

export type StarAnswer = Routes['GET /v1/stars/{id}']['answer']
export type MeasurementAnswer = StarAnswer['measurements'][number]
/** Without its samples. */
export type PosteriorAnswer = NonNullable<StarAnswer['posterior']>
export type SummaryAnswer = PosteriorAnswer['summaries'][number]
export type ClassAnswer = PosteriorAnswer['classes'][number]
export type SampledPosterior = Routes['GET /v1/stars/{id}/posterior']['answer']
export type SampleLists = SampledPosterior['samples']
export type HistoryAnswer = Routes['GET /v1/stars/{id}/history']['answer']
export type SpectraAnswer = Routes['GET /v1/stars/{id}/spectra']['answer']
export type SpectrumAnswer = SpectraAnswer['spectra'][number]
/** One of the vocabulary. */
export type QuantityAnswer = Routes['GET /v1/quantities']['answer']['quantities'][number]
export type AskAnswer = Routes['POST /v1/stars/{id}/ask']['answer']

// The parameters of a star: median, 68% interval and the shape of each marginal.
import { MarginalChart } from './marginalChart.tsx'
import { Section } from './pageParts.tsx'
import { intervalText, shownQuantity } from './shownQuantity.ts'
import type { SampledPosterior, SampleLists, SummaryAnswer } from './starAnswer.ts'

/** In the order people ask for them. */
export const parameterOrder = [
  ...['logAgeYr', 'logMassMsun', 'logTeffK', 'logLuminosityLsun', 'avMag', 'logDistancePc', 'fehDex'],
  ...['logRadiusRsun', 'loggDex'],
]

export function inOrder<T extends { readonly parameter: string }>(summaries: readonly T[]): readonly T[] {
  const place = ({ parameter }: T) => {
    const found = parameterOrder.indexOf(parameter)
    return found < 0 ? parameterOrder.length : found
  }
  return [...summaries].sort((a, b) => place(a) - place(b))
}

export function Interval({ summary }: { readonly summary: SummaryAnswer }) {
  const { median, minus, plus, unit } = intervalText(summary.parameter, summary)
  return (
    <span class="interval">
      <strong>{median}</strong>
      <span class="errors">
        <span class="plus">+{plus}</span>
        <span class="minus">−{minus}</span>
      </span>
      <span class="unit">{unit}</span>
    </span>
  )
}

export function ParameterSection({ posterior }: { readonly posterior: SampledPosterior }) {
  const { samples, summaries, sampleCount, surveys } = posterior
  return (
    <Section
      title="Parameters"
      note={`Median and 68% interval of ${sampleCount} samples, given ${surveys.length} ${surveys.length === 1 ? 'survey' : 'surveys'}.`}
    >
      <ul class="parameters">
        {inOrder(summaries).map(summary => (
          <Parameter key={summary.parameter} summary={summary} samples={samples} />
        ))}
      </ul>
    </Section>
  )
}

function Parameter({ summary, samples }: { readonly summary: SummaryAnswer; readonly samples: SampleLists }) {
  const { label, unit } = shownQuantity(summary.parameter)
  const { median, minus, plus } = intervalText(summary.parameter, summary)
  const values = samples[summary.parameter]
  return (
    <li>
      <h3>{label}</h3>
      <Interval summary={summary} />
      {values !== undefined && (
        <MarginalChart
          name={summary.parameter}
          samples={values}
          label={`Distribution of ${label}: ${median} ${unit}, minus ${minus}, plus ${plus}`}
        />
      )}
    </li>
  )
}

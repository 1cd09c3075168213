// How belief about a star moved with each survey: a scrubber over its posteriors, from the first to the newest.
import { quantityTicks } from './axisTicks.ts'
import { type Answer, setParams } from './pageHooks.ts'
import { Failure, Loading, Section } from './pageParts.tsx'
import { Interval, inOrder } from './parameterSection.tsx'
import { percentText, shownQuantity, surveyName } from './shownQuantity.ts'
import type { HistoryAnswer, PosteriorAnswer, SummaryAnswer } from './starAnswer.ts'

interface HistoryProps {
  readonly history: readonly [answer: Answer<HistoryAnswer>, again: () => void]
  readonly params: ReadonlyMap<string, string>
}

const drawn = ['logAgeYr', 'logMassMsun', 'logTeffK', 'avMag', 'logDistancePc']

export function HistorySection({ history: [answer, again], params }: HistoryProps) {
  if (answer.state === 'loading') {
    return (
      <Section title="How it came to be known">
        <Loading what="its posteriors" />
      </Section>
    )
  }
  if (answer.state === 'failed') {
    return (
      <Section title="How it came to be known">
        <Failure problem={answer.problem} again={again} />
      </Section>
    )
  }
  const { entries } = answer.value
  if (entries.length === 0) return null
  const last = entries.length - 1
  const step = stepOf(entries.length, params)
  const { posterior } = entries[step]
  const before = step > 0 ? entries[step - 1].posterior : null
  const text = `${step + 1} of ${last + 1}: ${stepText(posterior, before)}`
  return (
    <Section
      title="How it came to be known"
      note="Each survey that arrived gave the star a new posterior; the earlier ones stay. Move through them: the corner plot follows."
    >
      <div class="scrub">
        <button type="button" aria-label="Earlier posterior" disabled={step === 0} onClick={() => setParams({ step })}>
          ‹
        </button>
        <input
          type="range"
          min={1}
          max={last + 1}
          step={1}
          value={step + 1}
          disabled={last === 0}
          aria-label="Posterior"
          aria-valuetext={text}
          onInput={event => setParams({ step: event.currentTarget.value })}
        />
        <button
          type="button"
          aria-label="Later posterior"
          disabled={step === last}
          onClick={() => setParams({ step: step + 2 })}
        >
          ›
        </button>
        <output aria-live="polite">{text}</output>
      </div>
      <div class="moves">
        <Move
          label="Young"
          unit=""
          values={entries.map(one => flat(one.posterior.youngProbability))}
          step={step}
          ticks={[0, 0.5, 1].map(at => ({ at, label: `${100 * at}%` }))}
          low={0}
          high={1}
        >
          <strong>{percentText(posterior.youngProbability)}</strong>
        </Move>
        {drawn.map(name => {
          const values = entries.map(one => one.posterior.summaries.find(({ parameter }) => parameter === name) ?? null)
          const known = values.filter(value => value !== null)
          const now = values[step]
          if (known.length === 0) return null
          const low = Math.min(...known.map(({ q025 }) => q025))
          const high = Math.max(...known.map(({ q975 }) => q975))
          const shown = shownQuantity(name)
          return (
            <Move
              key={name}
              label={shown.label}
              unit={shown.unit}
              values={values}
              step={step}
              ticks={quantityTicks(shown, low, high, 4)}
              low={low}
              high={high}
            >
              {now !== null && <Interval summary={now} />}
            </Move>
          )
        })}
      </div>
      <details>
        <summary>All numbers of this posterior</summary>
        <dl class="numbers">
          {inOrder(posterior.summaries).map(summary => (
            <div key={summary.parameter}>
              <dt>{shownQuantity(summary.parameter).label}</dt>
              <dd>
                <Interval summary={summary} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </Section>
  )
}

/** Which of so many posteriors the address names, from 0; the newest where it names none. */
export function stepOf(count: number, params: ReadonlyMap<string, string>): number {
  const asked = Number(params.get('step') ?? count) - 1
  return Number.isInteger(asked) && asked >= 0 && asked < count ? asked : count - 1
}

/** What made this posterior another than the one before. */
function stepText(posterior: PosteriorAnswer, before: PosteriorAnswer | null): string {
  const news = posterior.surveys.filter(survey => before === null || !before.surveys.includes(survey)).map(surveyName)
  if (before === null) return news.join(', ')
  if (posterior.isReprocessed === true) return 'by another model'
  return news.length > 0 ? `+ ${news.join(', ')}` : 'new measurements'
}

type Quantiles = Pick<SummaryAnswer, 'q025' | 'q16' | 'q50' | 'q84' | 'q975'>

const flat = (value: number): Quantiles => ({ q025: value, q16: value, q50: value, q84: value, q975: value })

interface MoveProps {
  readonly label: string
  readonly unit: string
  readonly values: readonly (Quantiles | null)[]
  readonly step: number
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
  readonly low: number
  readonly high: number
  readonly children: preact.ComponentChildren
}

const WIDTH = 220
const HEIGHT = 96
const LEFT = 42

function Move({ label, unit, values, step, ticks, low, high, children }: MoveProps) {
  const x = (k: number) => LEFT + ((k + 0.5) / values.length) * (WIDTH - LEFT - 6)
  const y = (value: number) => HEIGHT - 8 - ((value - low) / (high - low || 1)) * (HEIGHT - 18)
  const path = values.flatMap((value, k) => (value === null ? [] : [`${x(k).toFixed(1)} ${y(value.q50).toFixed(1)}`]))
  return (
    <figure class="move">
      <figcaption>
        {label}: {children}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${label}${unit === '' ? '' : ` in ${unit}`} over ${values.length} posteriors`}
      >
        {ticks.map(tick => (
          <g key={tick.label}>
            <line class="grid" x1={LEFT} x2={WIDTH} y1={y(tick.at)} y2={y(tick.at)} />
            <text class="tick" x={LEFT - 5} y={y(tick.at) + 3} text-anchor="end">
              {tick.label}
            </text>
          </g>
        ))}
        <path class="trail" d={`M${path.join('L')}`} />
        {values.map(
          (value, k) =>
            value !== null && (
              <g key={`${x(k)}`} class={k === step ? 'now' : 'then'}>
                <line class="most" x1={x(k)} x2={x(k)} y1={y(value.q025)} y2={y(value.q975)} />
                <line class="half" x1={x(k)} x2={x(k)} y1={y(value.q16)} y2={y(value.q84)} />
                <circle cx={x(k)} cy={y(value.q50)} r={k === step ? 4.5 : 3} />
              </g>
            ),
        )}
      </svg>
    </figure>
  )
}

// The corner plot of a star: of its newest posterior, or of the one that the history stands at, beside the newest.
import { useRef } from 'preact/hooks'
import { CornerChart } from './cornerChart.tsx'
import { stepOf } from './historySection.tsx'
import { setParams, useAnswer } from './pageHooks.ts'
import { Scroll, Section } from './pageParts.tsx'
import { shownQuantity, surveyName } from './shownQuantity.ts'
import type { HistoryAnswer, SampledPosterior } from './starAnswer.ts'

interface CornerSectionProps {
  /** Of the star in the API. */
  readonly path: string
  readonly newest: SampledPosterior
  readonly entries: HistoryAnswer['entries']
  readonly params: ReadonlyMap<string, string>
}

const usualNames = ['logAgeYr', 'logMassMsun', 'logTeffK', 'avMag', 'logDistancePc']

export function CornerSection({ path, newest, entries, params }: CornerSectionProps) {
  const step = stepOf(entries.length, params)
  const entry = step < entries.length - 1 ? entries[step] : undefined
  const [answer] = useAnswer<SampledPosterior>(entry === undefined ? null : `${path}/posterior?index=${entry.index}`)
  const kept = useRef<SampledPosterior | null>(null)
  if (answer.state !== 'loading') kept.current = answer.value
  // While the next one is fetched the one before stays, so that moving the scrubber does not flicker.
  const earlier = entry === undefined ? null : kept.current
  const shown = earlier ?? newest
  const all = Object.keys(newest.samples)
  const chosen = (params.get('show')?.split(',') ?? usualNames).filter(name => all.includes(name))
  const toggle = (name: string) => {
    const next = all.filter(one => (one === name ? !chosen.includes(one) : chosen.includes(one)))
    if (next.length > 0) setParams({ show: next.join(',') })
  }
  const isLost = entry !== undefined && answer.state === 'failed'
  return (
    <Section
      title="Corner plot"
      class="wide"
      note={
        <>
          Every pair of parameters; the lines hold 68% and 95% of the samples.{' '}
          {entry !== undefined && (
            <strong class="cornerNote" role="status">
              {isLost
                ? `The samples of posterior ${step + 1} are not there any more: shaded is its 68% interval, over the newest.`
                : `Posterior ${step + 1} of ${entries.length} (${entry.posterior.surveys.map(surveyName).join(', ')}); dashed: 68% of the newest.`}
            </strong>
          )}{' '}
          Choose which:
        </>
      }
    >
      <fieldset class="choices" aria-label="Parameters of the corner plot">
        {all.map(name => (
          <button
            key={name}
            type="button"
            class="choice"
            aria-pressed={chosen.includes(name)}
            onClick={() => toggle(name)}
          >
            {shownQuantity(name).label}
          </button>
        ))}
      </fieldset>
      <Scroll label="Corner plot">
        <CornerChart
          names={chosen.filter(name => shown.samples[name] !== undefined)}
          samples={shown.samples}
          {...(earlier !== null && { others: newest.samples })}
          {...(isLost && { intervals: entry.posterior.summaries })}
          title={`Corner plot of ${newest.starId} in ${chosen.length} parameters${earlier === null ? '' : `, posterior ${step + 1} beside the newest`}`}
        />
      </Scroll>
    </Section>
  )
}

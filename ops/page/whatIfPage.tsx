// What if: a survey had not seen the star, or its distance, age or extinction were known. The new posterior beside the old.
import { useEffect } from 'preact/hooks'
import { type Address, writeAddress } from './address.ts'
import { givenOf, type Lever, levers, placeOf, readSetting, type Setting, valueAt, writeSetting } from './givenText.ts'
import { MarginalChart } from './marginalChart.tsx'
import { setParams, useAnswer } from './pageHooks.ts'
import { Failure, Loading, Section, StarLink } from './pageParts.tsx'
import { Interval, parameterOrder } from './parameterSection.tsx'
import { flagText, numberText, percentText, shownQuantity } from './shownQuantity.ts'
import type { AskAnswer, SampledPosterior, SummaryAnswer } from './starAnswer.ts'
import { type Reply, useQuestion } from './starQuestion.ts'

const families = [
  { name: 'Gaia', has: (bands: readonly string[]) => bands.some(band => /^(?:parallax|g|bp|rp)M/.test(band)) },
  { name: '2MASS', has: (bands: readonly string[]) => bands.some(band => /^(?:j|h|ks)Mag/.test(band)) },
  { name: 'WISE', has: (bands: readonly string[]) => bands.some(band => /^w\dMag/.test(band)) },
]

export function WhatIfPage({ subject: id, params }: Address) {
  const path = `/v1/stars/${encodeURIComponent(id)}`
  const [answer, again] = useAnswer<SampledPosterior>(`${path}/posterior`)
  useEffect(() => {
    document.title = `What if · ${id} · birthline`
  }, [id])
  if (answer.state === 'loading') return <Loading what={`the posterior of ${id}`} />
  if (answer.state === 'failed') return <Failure problem={answer.problem} again={again} />
  return <Bench id={id} path={path} posterior={answer.value} params={params} />
}

interface BenchProps {
  readonly id: string
  readonly path: string
  readonly posterior: SampledPosterior
  readonly params: ReadonlyMap<string, string>
}

function Bench({ id, path, posterior, params }: BenchProps) {
  const without = (params.get('without') ?? '').split(',').filter(name => families.some(one => one.name === name))
  const settings = levers.flatMap(lever => {
    const setting = readSetting(params.get(lever.name))
    return setting === null ? [] : [{ lever, setting }]
  })
  const given = settings.map(({ lever, setting }) => givenOf(lever, setting)).join(', ')
  const isAsked = without.length > 0 || given !== ''
  const reply = useQuestion(isAsked ? `${path}/ask` : null, { given, without: without.join(',') })
  const present = families.filter(({ has }) => has(posterior.observables))
  return (
    <>
      <header class="starHead">
        <div>
          <h1>What if</h1>
          <p class="note">
            <StarLink id={id}>{posterior.starId}</StarLink>: leave a survey out, or tell the model more than was
            measured. It answers anew.
          </p>
        </div>
        {isAsked && (
          <button type="button" class="quiet" onClick={() => (location.hash = writeAddress('what-if', id))}>
            As it is
          </button>
        )}
      </header>
      <div class="columns bench">
        <Section title="Suppose">
          <fieldset class="switches">
            <legend>These surveys saw it</legend>
            {present.map(({ name }) => (
              <label key={name}>
                <input
                  type="checkbox"
                  checked={!without.includes(name)}
                  disabled={present.length - without.length === 1 && !without.includes(name)}
                  onChange={event => {
                    const rest = without.filter(one => one !== name)
                    setParams({ without: (event.currentTarget.checked ? rest : [...rest, name]).join(',') })
                  }}
                />{' '}
                {name}
              </label>
            ))}
          </fieldset>
          {levers.map(lever => (
            <LeverInput
              key={lever.name}
              lever={lever}
              setting={readSetting(params.get(lever.name))}
              summary={posterior.summaries.find(({ parameter }) => parameter === lever.parameter) ?? null}
            />
          ))}
        </Section>
        <Section
          title="Then"
          note={
            isAsked
              ? 'Solid: under what you suppose. Dashed: as it is.'
              : 'As it is. Change something on the other side.'
          }
        >
          <ReplyNotes reply={reply} />
          <Comparison posterior={posterior} reply={reply} />
        </Section>
      </div>
    </>
  )
}

function ReplyNotes({ reply: { isUnderWay, answer, tookMs, problem, again } }: { readonly reply: Reply }) {
  if (problem !== null) return <Failure problem={problem} again={again} />
  return (
    <p class="note" aria-live="polite" aria-busy={isUnderWay}>
      {isUnderWay && <span class="pulse" aria-hidden="true" />} {isUnderWay ? 'Asking the model …' : ''}
      {!isUnderWay && answer !== null && answerText(answer, tookMs)}
    </p>
  )
}

function answerText(answer: AskAnswer, tookMs: number): string {
  const parts = [
    `${answer.sampleCount} samples by ${answer.drawnBy === 'tokens' ? 'tokens' : 'the posterior head'} in ${numberText(tookMs / 1000, 2)} s.`,
  ]
  if (answer.drawCount > answer.sampleCount) {
    parts.push(
      `${numberText(answer.drawCount, 3)} draws were weighed, worth ${numberText(answer.effectiveCount, 3)} equal ones.`,
    )
  }
  if (answer.conditionProbability !== null)
    parts.push(`The bounds have a probability of ${percentText(answer.conditionProbability)}.`)
  parts.push(...answer.flags.map(flag => `${flagText(flag)}.`))
  return parts.join(' ')
}

function Comparison({
  posterior,
  reply: { answer, isUnderWay },
}: {
  readonly posterior: SampledPosterior
  readonly reply: Reply
}) {
  return (
    <ul class={`parameters${isUnderWay ? ' stale' : ''}`}>
      {parameterOrder.map(name => {
        const old = posterior.summaries.find(({ parameter }) => parameter === name)
        const found = answer?.answers.find(one => one.name === name)
        const now: SummaryAnswer | undefined = found === undefined ? old : { ...found, parameter: name }
        if (old === undefined || now === undefined) return null
        const samples = answer?.samples?.[name] ?? posterior.samples[name]
        const { label } = shownQuantity(name)
        return (
          <li key={name}>
            <h3>{label}</h3>
            <Interval summary={now} />
            {found !== undefined && (
              <span class="was">
                was <Interval summary={old} />
              </span>
            )}
            <MarginalChart
              name={name}
              samples={samples}
              {...(found !== undefined && { before: posterior.samples[name] })}
              label={`Distribution of ${label}${found === undefined ? '' : ', beside the one as it is'}`}
            />
          </li>
        )
      })}
    </ul>
  )
}

interface LeverProps {
  readonly lever: Lever
  readonly setting: Setting | null
  /** Where the star is now: what a lever begins with. */
  readonly summary: SummaryAnswer | null
}

function LeverInput({ lever, setting, summary }: LeverProps) {
  const { label, unit, toUnit } = shownQuantity(lever.parameter)
  const put = (next: Setting | null) => setParams({ [lever.name]: next === null ? null : writeSetting(next) })
  const at = (value: number) => Number(Math.min(lever.high, Math.max(lever.low, value)).toPrecision(3))
  const now =
    summary === null
      ? [lever.low, valueAt(lever, 0.5), lever.high]
      : [summary.q16, summary.q50, summary.q84].map(toUnit).map(at)
  const choose = (kind: string) => {
    if (kind === 'about') put({ kind, value: now[1], err: Number(Math.max(now[1] * 0.05, 0.02).toPrecision(2)) })
    else if (kind === 'between')
      put({ kind, low: now[0] < now[2] ? now[0] : lever.low, high: now[0] < now[2] ? now[2] : lever.high })
    else put(null)
  }
  return (
    <fieldset class="lever">
      <legend>
        {label} <span class="unit">({unit})</span>
      </legend>
      <select
        aria-label={`What is known of ${label}`}
        value={setting?.kind ?? 'free'}
        onChange={event => choose(event.currentTarget.value)}
      >
        <option value="free">as the star says</option>
        <option value="about">known from elsewhere</option>
        <option value="between">within bounds</option>
      </select>
      {setting?.kind === 'about' && (
        <>
          <Slide
            lever={lever}
            label={`${label} from elsewhere`}
            value={setting.value}
            put={value => put({ ...setting, value })}
          />
          <label class="error">
            ±{' '}
            <input
              type="number"
              min={0}
              step="any"
              aria-label={`Error of ${label}`}
              value={setting.err}
              onChange={event => {
                const err = Number(event.currentTarget.value)
                if (err > 0) put({ ...setting, err })
              }}
            />
          </label>
        </>
      )}
      {setting?.kind === 'between' && (
        <>
          <Slide
            lever={lever}
            label={`Lowest ${label}`}
            value={setting.low}
            put={low => low < setting.high && put({ ...setting, low })}
          />
          <Slide
            lever={lever}
            label={`Highest ${label}`}
            value={setting.high}
            put={high => high > setting.low && put({ ...setting, high })}
          />
        </>
      )}
    </fieldset>
  )
}

interface SlideProps {
  readonly lever: Lever
  readonly label: string
  readonly value: number
  readonly put: (value: number) => void
}

function Slide({ lever, label, value, put }: SlideProps) {
  const { unit } = shownQuantity(lever.parameter)
  return (
    <label class="slide">
      <input
        type="range"
        min={0}
        max={1}
        step={0.005}
        aria-label={label}
        aria-valuetext={`${numberText(value)} ${unit}`}
        value={placeOf(lever, value)}
        onInput={event => put(valueAt(lever, Number(event.currentTarget.value)))}
      />
      <span>
        {numberText(value)} {unit}
      </span>
    </label>
  )
}

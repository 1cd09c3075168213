// How far a model can be trusted: coverage and reliability on simulated stars, pattern by pattern, beside another model where
// one is named; and how far simulated stars lie from real ones.
import { useEffect } from 'preact/hooks'
import type { Routes } from '../client/apiTypes.ts'
import type { Address } from './address.ts'
import { GapSection } from './gapSection.tsx'
import { setParams, useAnswer } from './pageHooks.ts'
import { ColumnHeads, Failure, Loading, Scroll, Section } from './pageParts.tsx'
import { className, countText, percentText, shownQuantity } from './shownQuantity.ts'

type ModelsAnswer = Routes['GET /v1/models']['answer']
type ModelAnswer = ModelsAnswer['models'][number]

interface Covered {
  readonly level: number
  readonly covered: number
  readonly standardErr: number
}

interface PatternAnswer {
  readonly name: string
  readonly share: number | null
  readonly starCount: number
  readonly isPassed: boolean
  readonly parameters: readonly { readonly name: string; readonly coverage: readonly Covered[] }[]
  readonly failures: readonly string[]
  readonly classes: readonly {
    readonly name: string
    readonly bins: readonly { readonly count: number; readonly predicted: number; readonly observed: number }[]
  }[]
}

interface CalibrationAnswer {
  readonly model: string
  readonly command: string
  readonly patterns: readonly PatternAnswer[]
}

const calibrationPath = (model: string | null) =>
  model === null ? null : `/v1/model/calibration?model=${encodeURIComponent(model)}`

export function ModelPage({ params }: Address) {
  const [list, listAgain] = useAnswer<ModelsAnswer>('/v1/models')
  const shownModel = params.get('model') ?? list.value?.inForce ?? null
  const besideModel = params.get('beside') ?? null
  const [answer, again] = useAnswer<CalibrationAnswer>(calibrationPath(shownModel))
  const [beside, besideAgain] = useAnswer<CalibrationAnswer>(calibrationPath(besideModel))
  useEffect(() => {
    document.title = 'Model · birthline'
  }, [])
  return (
    <>
      <h1 class="pageTitle">Model</h1>
      {list.state === 'loading' && <Loading what="the models" />}
      {list.state === 'failed' && <Failure problem={list.problem} again={listAgain} />}
      {list.state === 'ready' && <Choice models={list.value.models} shown={shownModel} beside={besideModel} />}
      {list.state === 'ready' && shownModel === null && <p class="empty">No model is in force yet.</p>}
      {shownModel !== null && answer.state === 'loading' && <Loading what="its calibration" />}
      {answer.state === 'failed' && <Failure problem={answer.problem} again={again} />}
      {beside.state === 'failed' && <Failure problem={beside.problem} again={besideAgain} />}
      {answer.state === 'ready' && (
        <Calibration calibration={answer.value} beside={beside.value} chosen={Number(params.get('pattern') ?? 0)} />
      )}
      {answer.state === 'failed' && <GapSection />}
    </>
  )
}

interface ChoiceProps {
  readonly models: readonly ModelAnswer[]
  readonly shown: string | null
  readonly beside: string | null
}

function Choice({ models, shown, beside }: ChoiceProps) {
  const title = ({ name, isInForce, hasCalibration }: ModelAnswer) =>
    `${name}${isInForce ? ', in force' : ''}${hasCalibration ? '' : ', not calibrated'}`
  const others = models.filter(({ model }) => model !== shown)
  return (
    <p class="filters patternChoice">
      <label>
        Model{' '}
        <select
          value={shown ?? ''}
          onChange={event => setParams({ model: event.currentTarget.value, beside: null }, 'step')}
        >
          {models.map(one => (
            <option key={one.model} value={one.model}>
              {title(one)}
            </option>
          ))}
        </select>
      </label>
      {others.length === 0 ? (
        <span>
          No other is published to compare it with: <code>birthline model publish</code> puts one there.
        </span>
      ) : (
        <label>
          beside{' '}
          <select value={beside ?? ''} onChange={event => setParams({ beside: event.currentTarget.value }, 'step')}>
            <option value="">none</option>
            {others.map(one => (
              <option key={one.model} value={one.model}>
                {title(one)}
              </option>
            ))}
          </select>
        </label>
      )}
    </p>
  )
}

interface CalibrationProps {
  readonly calibration: CalibrationAnswer
  readonly beside: CalibrationAnswer | null
  readonly chosen: number
}

function Calibration({ calibration, beside, chosen }: CalibrationProps) {
  const { patterns, model, command } = calibration
  const pattern = patterns[chosen] ?? patterns[0]
  const other = beside?.patterns.find(({ name }) => name === pattern.name)
  return (
    <>
      <p class="note">
        Model <span class="mono">{model}</span>, judged on simulated stars by <span class="mono">{command}</span>.
        {beside !== null && (
          <>
            {' '}
            Beside it, dashed, model <span class="mono">{beside.model}</span>
            {other === undefined && ', which was not judged for this pattern'}.
          </>
        )}
      </p>
      <p class="filters patternChoice">
        <label>
          What is measured{' '}
          <select
            value={patterns.indexOf(pattern)}
            onChange={event => setParams({ pattern: event.currentTarget.value })}
          >
            {patterns.map(({ name, isPassed }, k) => (
              <option key={name} value={k}>
                {name}
                {isPassed ? '' : ' (falls short)'}
              </option>
            ))}
          </select>
        </label>
        <span>
          {countText(pattern.starCount)} stars
          {pattern.share !== null && `; ${percentText(pattern.share)} of the demo have this pattern`}
        </span>
      </p>
      {pattern.failures.length > 0 && (
        <ul class="flags" aria-label="What falls short">
          {pattern.failures.map(sentence => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <div class="columns below">
        <div class="stack">
          <Section
            title="Coverage"
            note={
              other === undefined
                ? 'How many of the truths lie within the middle 68% and 95%, with the standard error of that count.'
                : 'How many of the truths lie within the middle 68% and 95%: of this model, of the one beside it, and the difference in percent points, bold beyond three standard errors.'
            }
          >
            <Scroll label="Coverage of each parameter">
              <table class="coverage">
                <ColumnHeads
                  titles={
                    other === undefined
                      ? ['Parameter', 'In the 68%', 'In the 95%']
                      : ['Parameter', 'In the 68%', 'beside', 'differs', 'In the 95%', 'beside', 'differs']
                  }
                />
                <tbody>
                  {pattern.parameters.map(({ name, coverage }) => (
                    <tr key={name}>
                      <th scope="row">{shownQuantity(name).label}</th>
                      {[0.68, 0.95].map(level => {
                        const mine = coverageAt(coverage, level)
                        if (other === undefined) return <Cover key={level} found={mine} />
                        const theirs = coverageAt(
                          other.parameters.find(one => one.name === name)?.coverage ?? [],
                          level,
                        )
                        return (
                          <>
                            <Cover found={mine} />
                            <Cover found={theirs} />
                            <Difference mine={mine} theirs={theirs} />
                          </>
                        )
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          </Section>
          <GapSection />
        </div>
        <Section
          title="Reliability"
          note="Of stars with a predicted probability, the share that is of the class: on the line where the model is right."
        >
          <div class="reliability">
            {pattern.classes.map(one => (
              <Reliability
                key={one.name}
                {...one}
                beside={other?.classes.find(({ name }) => name === one.name)?.bins}
              />
            ))}
          </div>
        </Section>
      </div>
    </>
  )
}

const coverageAt = (coverage: readonly Covered[], level: number) =>
  coverage.find(one => Math.abs(one.level - level) < 1e-6)

function Cover({ found }: { readonly found: Covered | undefined }) {
  return (
    <td class="number">
      {found === undefined
        ? 'not judged'
        : `${(100 * found.covered).toFixed(1)} ± ${(100 * found.standardErr).toFixed(1)}%`}
    </td>
  )
}

function Difference({ mine, theirs }: { readonly mine: Covered | undefined; readonly theirs: Covered | undefined }) {
  if (mine === undefined || theirs === undefined) return <td class="number" />
  const points = 100 * (theirs.covered - mine.covered)
  const err = 100 * Math.hypot(mine.standardErr, theirs.standardErr)
  const size = Math.abs(points).toFixed(1)
  const text = Number(size) === 0 ? size : `${points < 0 ? '−' : '+'}${size}`
  return <td class="number">{Math.abs(points) > 3 * err ? <strong>{text}</strong> : text}</td>
}

const SIDE = 150

type ClassBins = PatternAnswer['classes'][number]

function Reliability({ name, bins, beside }: ClassBins & { readonly beside: ClassBins['bins'] | undefined }) {
  const at = ({ predicted, observed }: { readonly predicted: number; readonly observed: number }) =>
    [24 + predicted * SIDE, 6 + (1 - observed) * SIDE] as const
  return (
    <figure>
      <figcaption>{className(name)}</figcaption>
      <svg
        viewBox={`0 0 ${SIDE + 34} ${SIDE + 26}`}
        role="img"
        aria-label={`Observed against predicted probability of ${className(name)}, in ${bins.length} bins${beside === undefined ? '' : ', beside the other model'}`}
      >
        <rect class="frame" x={24} y={6} width={SIDE} height={SIDE} />
        <line class="median" x1={24} y1={6 + SIDE} x2={24 + SIDE} y2={6} />
        {[0, 0.5, 1].map(value => (
          <g key={value}>
            <text class="tick" x={24 + value * SIDE} y={SIDE + 20} text-anchor="middle">
              {value}
            </text>
            <text class="tick" x={19} y={10 + (1 - value) * SIDE} text-anchor="end">
              {value}
            </text>
          </g>
        ))}
        {beside !== undefined && <path class="before" d={`M${beside.map(bin => at(bin).join(' ')).join('L')}`} />}
        <path class="curve" d={`M${bins.map(bin => at(bin).join(' ')).join('L')}`} />
        {bins.map(bin => (
          <circle key={bin.predicted} class="bin" cx={at(bin)[0]} cy={at(bin)[1]} r={3} />
        ))}
      </svg>
    </figure>
  )
}

// How far the model in force can be trusted: coverage and reliability on simulated stars, pattern by pattern.
import { useEffect } from 'preact/hooks'
import type { Address } from './address.ts'
import { setParams, useAnswer } from './pageHooks.ts'
import { ColumnHeads, Failure, Loading, Scroll, Section } from './pageParts.tsx'
import { className, countText, percentText, shownQuantity } from './shownQuantity.ts'

interface PatternAnswer {
  readonly name: string
  readonly share: number | null
  readonly starCount: number
  readonly isPassed: boolean
  readonly parameters: readonly {
    readonly name: string
    readonly coverage: readonly { readonly level: number; readonly covered: number; readonly standardErr: number }[]
  }[]
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

export function ModelPage({ params }: Address) {
  const [answer, again] = useAnswer<CalibrationAnswer>('/v1/model/calibration')
  useEffect(() => {
    document.title = 'Model · birthline'
  }, [])
  return (
    <>
      <h1 class="pageTitle">Model</h1>
      {answer.state === 'loading' && <Loading what="its calibration" />}
      {answer.state === 'failed' && <Failure problem={answer.problem} again={again} />}
      {answer.state === 'ready' && (
        <Calibration calibration={answer.value} chosen={Number(params.get('pattern') ?? 0)} />
      )}
    </>
  )
}

function Calibration({ calibration, chosen }: { readonly calibration: CalibrationAnswer; readonly chosen: number }) {
  const { patterns, model, command } = calibration
  const pattern = patterns[chosen] ?? patterns[0]
  return (
    <>
      <p class="note">
        Model <span class="mono">{model}</span>, judged on simulated stars by <span class="mono">{command}</span>.
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
        <Section
          title="Coverage"
          note="How many of the truths lie within the middle 68% and 95%, with the standard error of that count."
        >
          <Scroll label="Coverage of each parameter">
            <table>
              <ColumnHeads titles={['Parameter', 'In the 68%', 'In the 95%']} />
              <tbody>
                {pattern.parameters.map(({ name, coverage }) => (
                  <tr key={name}>
                    <th scope="row">{shownQuantity(name).label}</th>
                    {[0.68, 0.95].map(level => {
                      const found = coverage.find(one => Math.abs(one.level - level) < 1e-6)
                      return (
                        <td key={level} class="number">
                          {found === undefined
                            ? 'not judged'
                            : `${(100 * found.covered).toFixed(1)} ± ${(100 * found.standardErr).toFixed(1)}%`}
                        </td>
                      )
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </Section>
        <Section
          title="Reliability"
          note="Of stars with a predicted probability, the share that is of the class: on the line where the model is right."
        >
          <div class="reliability">
            {pattern.classes.map(one => (
              <Reliability key={one.name} {...one} />
            ))}
          </div>
        </Section>
      </div>
    </>
  )
}

const SIDE = 150

function Reliability({ name, bins }: PatternAnswer['classes'][number]) {
  const at = ({ predicted, observed }: { readonly predicted: number; readonly observed: number }) =>
    [24 + predicted * SIDE, 6 + (1 - observed) * SIDE] as const
  return (
    <figure>
      <figcaption>{className(name)}</figcaption>
      <svg
        viewBox={`0 0 ${SIDE + 34} ${SIDE + 26}`}
        role="img"
        aria-label={`Observed against predicted probability of ${className(name)}, in ${bins.length} bins`}
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
        <path class="curve" d={`M${bins.map(bin => at(bin).join(' ')).join('L')}`} />
        {bins.map(bin => (
          <circle key={bin.predicted} class="bin" cx={at(bin)[0]} cy={at(bin)[1]} r={3} />
        ))}
      </svg>
    </figure>
  )
}

// Class probabilities with the prior they stand on, which can be changed: each class is weighed by the ratio of the priors.
import { underPrior, youngOf } from './classPrior.ts'
import { setParams } from './pageHooks.ts'
import { ColumnHeads, Section } from './pageParts.tsx'
import { className, numberText, percentText } from './shownQuantity.ts'
import type { ClassAnswer, PosteriorAnswer } from './starAnswer.ts'

const presets: readonly (readonly [label: string, weights: (classes: readonly ClassAnswer[]) => readonly number[]])[] =
  [
    ['Equal classes', classes => classes.map(() => 1)],
    ['In a young cluster', classes => classes.map(({ name, prior }) => prior * (name.startsWith('young') ? 10 : 1))],
    ['In the old field', classes => classes.map(({ name, prior }) => prior * (name.startsWith('young') ? 0.1 : 1))],
  ]

export function ClassSection({
  posterior,
  params,
}: {
  readonly posterior: PosteriorAnswer
  readonly params: ReadonlyMap<string, string>
}) {
  const { classes } = posterior
  const wanted = readPrior(params.get('prior'), classes)
  const isChanged = wanted !== null
  const weights = wanted ?? classes.map(({ prior }) => prior)
  const shown = isChanged ? underPrior(classes, weights) : classes
  const sum = weights.reduce((a, b) => a + b, 0)
  const choose = (next: readonly number[]) =>
    setParams({ prior: next.map(weight => Number(weight.toPrecision(3))).join(',') })
  return (
    <Section
      title="Class"
      actions={
        isChanged && (
          <button type="button" class="quiet" onClick={() => setParams({ prior: null })}>
            The prior of the model
          </button>
        )
      }
      note={
        isChanged
          ? 'Under your prior: the model’s probabilities, weighed by the ratio of the two priors. The parameters stay under the model’s.'
          : 'Under the prior of the model, which is stated beside each class. Move a slider to put another in its place.'
      }
    >
      <p class="headline">
        <span class="big">{percentText(isChanged ? youngOf(shown) : posterior.youngProbability)}</span> young
        {isChanged && <span class="was"> (the model’s prior: {percentText(posterior.youngProbability)})</span>}
      </p>
      <table class="classes">
        <ColumnHeads titles={['Class', 'Probability', 'Prior']} />
        <tbody>
          {shown.map(({ name, probability }, i) => (
            <tr key={name}>
              <th scope="row">{className(name)}</th>
              <td>
                <span class="bar" aria-hidden="true">
                  <span class={`fill ${name}`} style={{ width: `${100 * probability}%` }} />
                </span>{' '}
                {percentText(probability)}
              </td>
              <td>
                <input
                  type="range"
                  min={-3}
                  max={0}
                  step={0.05}
                  value={Math.log10(Math.max(1e-3, weights[i] / sum))}
                  aria-label={`Prior of ${className(name)}`}
                  aria-valuetext={percentText(weights[i] / sum)}
                  onInput={event => {
                    const share = 10 ** Number(event.currentTarget.value)
                    choose(withShare(weights, i, share))
                  }}
                />{' '}
                <span class="priorShare">{percentText(weights[i] / sum)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="presets">
        {presets.map(([label, make]) => (
          <button key={label} type="button" class="quiet" onClick={() => choose(make(classes))}>
            {label}
          </button>
        ))}
      </p>
      {posterior.familiarity !== undefined && posterior.familiarity !== null && (
        <p class="note">
          {`Familiarity ${numberText(posterior.familiarity, 2)}: the share of simulated stars that lie farther out than this one.`}
        </p>
      )}
    </Section>
  )
}

/** One class gets a share, the others keep their ratios. */
function withShare(weights: readonly number[], index: number, share: number): readonly number[] {
  const held = Math.min(0.999, share)
  const others = weights.reduce((sum, weight, i) => (i === index ? sum : sum + weight), 0)
  return weights.map((weight, i) =>
    i === index ? held : others > 0 ? (weight / others) * (1 - held) : (1 - held) / (weights.length - 1),
  )
}

function readPrior(text: string | undefined, classes: readonly ClassAnswer[]): readonly number[] | null {
  if (text === undefined) return null
  const weights = text.split(',').map(Number)
  const isPrior =
    weights.length === classes.length && weights.every(weight => weight >= 0) && weights.some(weight => weight > 0)
  return isPrior ? weights : null
}

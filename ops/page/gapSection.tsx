// How far simulated stars lie from real ones: what a classifier makes of the difference, survey by survey.
import type { Routes } from '../client/apiTypes.ts'
import { useAnswer } from './pageHooks.ts'
import { ColumnHeads, Failure, Loading, Scroll, Section } from './pageParts.tsx'
import { countText, shownQuantity } from './shownQuantity.ts'

export function GapSection() {
  const [answer, again] = useAnswer<Routes['GET /v1/model/gap']['answer']>('/v1/model/gap')
  return (
    <Section
      title="Domain gap"
      note="How often a classifier tells simulated stars from real ones, by their colours: 50% is no gap, 100% one that shows in every star. What the simulator gets wrong, every model inherits."
    >
      {answer.state === 'loading' && <Loading what="the domain gap" />}
      {answer.state === 'failed' && answer.problem.status === 404 && <p class="empty">{answer.problem.detail}</p>}
      {answer.state === 'failed' && answer.problem.status !== 404 && <Failure problem={answer.problem} again={again} />}
      {answer.state === 'ready' &&
        answer.value.populations.map(({ title, reference, gaps }) => (
          <details key={title}>
            <summary>
              {title}: {worstOf(gaps.map(({ accuracy }) => accuracy))}
            </summary>
            <p class="note">Real stars: {reference}</p>
            <Scroll label={`Domain gap of ${title}`}>
              <table class="gap">
                <ColumnHeads
                  titles={[
                    'Surveys',
                    { number: 'Stars' },
                    { number: 'By colours' },
                    { number: 'With magnitude' },
                    'What differs most',
                  ]}
                />
                <tbody>
                  {gaps.map(({ surveys, starCount, accuracy, spread, accuracyWithMagnitude, separator }) => (
                    <tr key={surveys}>
                      <th scope="row">{surveys}</th>
                      <td class="number">{countText(starCount)}</td>
                      <td class="number">
                        {(100 * accuracy).toFixed(1)} ± {(100 * spread).toFixed(1)}%
                      </td>
                      <td class="number">{(100 * accuracyWithMagnitude).toFixed(1)}%</td>
                      <td>
                        {separator.feature
                          .split(' - ')
                          .map(band => shownQuantity(band).label)
                          .join(' − ')}
                        : {separator.medianShiftMag < 0 ? '−' : '+'}
                        {Math.abs(separator.medianShiftMag).toFixed(2)} mag
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          </details>
        ))}
    </Section>
  )
}

function worstOf(accuracies: readonly number[]): string {
  const [least, most] = [Math.min(...accuracies), Math.max(...accuracies)].map(value => `${(100 * value).toFixed(0)}%`)
  return least === most ? least : `${least} to ${most}`
}

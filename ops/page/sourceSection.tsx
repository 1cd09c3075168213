// Where everything known of a star comes from: its sources and measurements, the model and the seed; and files to take along.
import { useState } from 'preact/hooks'
import { saveDrawing } from './drawingFile.ts'
import { useAnswer } from './pageHooks.ts'
import { ColumnHeads, Failure, Scroll, Section } from './pageParts.tsx'
import { download, type Problem, toProblem } from './service.ts'
import { decimalsFor, fixedText, percentText, shownQuantity, surveyName } from './shownQuantity.ts'
import type { PosteriorAnswer, StarAnswer } from './starAnswer.ts'

export function SourceSection({ star }: { readonly star: StarAnswer }) {
  return (
    <Section title="Provenance" class="wide" note="Down to the row that each survey delivered.">
      <Scroll label="Sources of the star">
        <table>
          <caption>Sources</caption>
          <ColumnHeads
            titles={['Survey', 'Source', 'Matched by', { number: 'Match' }, { number: 'Separation' }, 'Origin']}
          />
          <tbody>
            {star.sources.map(({ survey, source, matchedBy, matchProbability, separationArcsec, origin }) => (
              <tr key={`${survey} ${source}`}>
                <th scope="row">{surveyName(survey)}</th>
                <td class="mono">{source}</td>
                <td>{matchedBy}</td>
                <td class="number">{percentText(matchProbability)}</td>
                <td class="number">{separationArcsec === null ? 'none' : `${fixedText(separationArcsec, 2)}″`}</td>
                <td class="mono">{origin}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <details>
        <summary>{star.measurements.length} measurements</summary>
        <Scroll label="Measurements of the star">
          <table>
            <ColumnHeads titles={['Quantity', { number: 'Value' }, 'Survey']} />
            <tbody>
              {star.measurements.map(({ quantity, value, err, isLimit, survey }) => {
                const { label, unit } = shownQuantity(quantity)
                const decimals = decimalsFor(err)
                return (
                  <tr key={`${quantity} ${survey}`}>
                    <th scope="row">{label}</th>
                    <td class="number">
                      {isLimit
                        ? `fainter than ${fixedText(value, 2)}`
                        : `${fixedText(value, decimals)} ± ${fixedText(err, decimals)}`}{' '}
                      {unit}
                    </td>
                    <td>{surveyName(survey)}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </Scroll>
      </details>
      {star.posterior !== null && <Making posterior={star.posterior} />}
    </Section>
  )
}

function Making({ posterior }: { readonly posterior: PosteriorAnswer }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Posterior', posterior.posteriorId],
    ['Model', posterior.model],
    ['Seed', posterior.seed],
    ['State of the star', posterior.starVersion],
    ['Schemas', posterior.schemas],
  ]
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="mono">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

interface Described {
  readonly paths: Readonly<
    Record<
      string,
      | {
          readonly get?: {
            readonly parameters?: readonly {
              readonly name: string
              readonly schema?: { readonly enum?: readonly string[] }
            }[]
          }
        }
      | undefined
    >
  >
}

const fileEndings: Readonly<Record<string, string>> = { votable: 'xml' }
const formatWords: Readonly<Record<string, string>> = { arrow: 'Arrow', parquet: 'Parquet', votable: 'VOTable' }

const drawings = [
  { title: 'Corner plot', selector: 'svg.corner', name: 'corner' },
  { title: 'Energy distribution', selector: 'svg.sed', name: 'sed' },
]

/** Files of the newest posterior in whatever formats the server says it has, and the plots as they are drawn. */
export function Downloads({ id, starId }: { readonly id: string; readonly starId: string }) {
  const [described] = useAnswer<Described>('/openapi.json')
  const [problem, setProblem] = useState<Problem | null>(null)
  const formats =
    described.state === 'ready'
      ? (described.value.paths['/v1/stars/{id}/posterior']?.get?.parameters?.find(({ name }) => name === 'format')
          ?.schema?.enum ?? ['json'])
      : ['json']
  const name = starId.replace(/[^\w.-]+/g, '-')
  return (
    <div class="downloads">
      <fieldset aria-label="The posterior with its samples">
        <span>Posterior with its samples</span>
        {formats.map(format => (
          <button
            key={format}
            type="button"
            class="quiet"
            onClick={() => {
              setProblem(null)
              download(
                `/v1/stars/${encodeURIComponent(id)}/posterior?format=${format}`,
                `${name}.${fileEndings[format] ?? format}`,
              ).catch(error => setProblem(toProblem(error)))
            }}
          >
            {formatWords[format] ?? format.toUpperCase()}
          </button>
        ))}
      </fieldset>
      <fieldset aria-label="Plots as SVG">
        <span>Plots as SVG</span>
        {drawings.map(({ title, selector, name: plot }) => (
          <button key={plot} type="button" class="quiet" onClick={() => saveDrawing(selector, `${name}-${plot}.svg`)}>
            {title}
          </button>
        ))}
      </fieldset>
      {problem !== null && <Failure problem={problem} />}
    </div>
  )
}

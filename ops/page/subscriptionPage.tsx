// Subscriptions: a filter is built and tried on the stars known so far; saved, it has events that programs follow.
import { useEffect, useId, useState } from 'preact/hooks'
import { type Address, writeAddress } from './address.ts'
import { conditionKinds, watchedIds, withCondition } from './conditionText.ts'
import { setParams, useAnswer } from './pageHooks.ts'
import { ColumnHeads, Failure, Loading, Scroll, Section, StarLink } from './pageParts.tsx'
import { type Problem, sendJson, toProblem } from './service.ts'
import { className, countText, percentText, surveyName } from './shownQuantity.ts'
import { snippetsOf } from './snippetText.ts'

interface Filter {
  readonly where: string
  readonly moc: string | null
  readonly watchlist: readonly string[]
}

interface StarSummary {
  readonly starId: string
  readonly youngProbability: number
  readonly className: string
  readonly surveys: readonly string[]
}

interface Preview {
  readonly total: number
  readonly matched: number
  readonly stars: readonly StarSummary[]
}

interface Subscription extends Filter {
  readonly id: string
  readonly name: string
  readonly topic: string
  readonly eventsUrl: string
}

export function SubscriptionPage({ params }: Address) {
  const where = params.get('where') ?? ''
  const [moc, setMoc] = useState('')
  const [watched, setWatched] = useState('')
  const [saved, again] = useAnswer<{ readonly subscriptions: readonly Subscription[] }>('/v1/subscriptions')
  useEffect(() => {
    document.title = 'Subscriptions · birthline'
  }, [])
  const filter: Filter = { where, moc: moc.trim() === '' ? null : moc.trim(), watchlist: watchedIds(watched) }
  // An older server previews filters and keeps none.
  const isKept = saved.state !== 'failed' || saved.problem.status !== 404
  return (
    <>
      <h1 class="pageTitle">Subscriptions</h1>
      <div class="columns">
        <div class="stack">
          <Section title="Filter" note="All conditions must hold. Without any, every star passes.">
            <Where where={where} />
            <Builder where={where} />
            <details>
              <summary>A region of the sky (MOC) or a watchlist</summary>
              <Region moc={moc} setMoc={setMoc} watched={watched} setWatched={setWatched} />
            </details>
          </Section>
          {isKept && <Keep filter={filter} again={again} />}
        </div>
        <PreviewSection filter={filter} />
        {saved.state === 'failed' && isKept && <Failure problem={saved.problem} again={again} />}
        {saved.state === 'ready' && <Saved subscriptions={saved.value.subscriptions} again={again} />}
      </div>
    </>
  )
}

function Where({ where }: { readonly where: string }) {
  const [text, setText] = useState(where)
  useEffect(() => setText(where), [where])
  return (
    <label class="block">
      Conditions
      <textarea
        rows={3}
        spellcheck={false}
        value={text}
        placeholder="young > 0.9 and within 5 deg of 56.75 24.12"
        onInput={event => setText(event.currentTarget.value)}
        onChange={event => setParams({ where: event.currentTarget.value.trim() })}
      />
    </label>
  )
}

/** Puts one more condition behind the text, which stays what counts. */
function Builder({ where }: { readonly where: string }) {
  const [key, setKey] = useState(conditionKinds[0].key)
  const kind = conditionKinds.find(one => one.key === key) ?? conditionKinds[0]
  const [values, setValues] = useState<readonly string[]>(kind.fields.map(({ start }) => start))
  const put = (index: number, value: string) => setValues(values.map((one, i) => (i === index ? value : one)))
  return (
    <fieldset class="builder">
      <legend>Add a condition</legend>
      <select
        aria-label="Kind of condition"
        value={key}
        onChange={event => {
          const next = conditionKinds.find(one => one.key === event.currentTarget.value) ?? conditionKinds[0]
          setKey(next.key)
          setValues(next.fields.map(({ start }) => start))
        }}
      >
        {conditionKinds.map(one => (
          <option key={one.key} value={one.key}>
            {one.label}
          </option>
        ))}
      </select>
      {kind.fields.map(({ label, choices }, i) =>
        choices === undefined ? (
          <input
            key={label}
            type="number"
            step="any"
            aria-label={label}
            title={label}
            value={values[i]}
            onInput={event => put(i, event.currentTarget.value)}
          />
        ) : (
          <select
            key={label}
            aria-label={label}
            value={values[i]}
            onChange={event => put(i, event.currentTarget.value)}
          >
            {choices.map(name => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        ),
      )}
      <button type="button" onClick={() => setParams({ where: withCondition(where, kind.write(values)) })}>
        Add
      </button>
    </fieldset>
  )
}

interface RegionProps {
  readonly moc: string
  readonly setMoc: (text: string) => void
  readonly watched: string
  readonly setWatched: (text: string) => void
}

function Region({ moc, setMoc, watched, setWatched }: RegionProps) {
  return (
    <div class="stack">
      <label class="block">
        MOC, as ASCII or JSON
        <textarea
          rows={2}
          spellcheck={false}
          placeholder="4/30-33,38 5/122"
          value={moc}
          onChange={event => setMoc(event.currentTarget.value)}
        />
      </label>
      <label class="block">
        Watchlist: ids from whichever survey, a line each
        <textarea
          rows={3}
          spellcheck={false}
          value={watched}
          onChange={event => setWatched(event.currentTarget.value)}
        />
      </label>
      <label class="block">
        or a file of them
        <input type="file" onChange={event => event.currentTarget.files?.[0]?.text().then(setWatched)} />
      </label>
    </div>
  )
}

function PreviewSection({ filter }: { readonly filter: Filter }) {
  const [state, setState] = useState<{ readonly preview: Preview | null; readonly problem: Problem | null }>({
    preview: null,
    problem: null,
  })
  const text = JSON.stringify(filter)
  useEffect(() => {
    const gone = new AbortController()
    sendJson<Preview>('POST', '/v1/filters/preview', JSON.parse(text), gone.signal).then(
      preview => setState({ preview, problem: null }),
      error => gone.signal.aborted || setState({ preview: null, problem: toProblem(error) }),
    )
    return () => gone.abort()
  }, [text])
  const { preview, problem } = state
  return (
    <Section title="What would have passed">
      {problem !== null && <Failure problem={problem} />}
      {preview === null && problem === null && <Loading what="the preview" />}
      {preview !== null && (
        <>
          <p class="headline" role="status">
            <span class="big">{countText(preview.matched)}</span> of {countText(preview.total)} stars pass now
          </p>
          {preview.matched > 0 && (
            <p>
              <a href={writeAddress('sky', '', { where: filter.where })}>Show its conditions on the sky</a>
            </p>
          )}
          {preview.stars.length > 0 && (
            <Scroll label="Stars that pass">
              <table>
                <ColumnHeads titles={['Star', 'Young', 'Class', 'Surveys']} />
                <tbody>
                  {preview.stars.map(star => (
                    <tr key={star.starId}>
                      <td>
                        <StarLink id={star.starId} />
                      </td>
                      <td>{percentText(star.youngProbability)}</td>
                      <td>{className(star.className)}</td>
                      <td>{star.surveys.map(surveyName).join(', ')}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )}
        </>
      )}
    </Section>
  )
}

function Keep({ filter, again }: { readonly filter: Filter; readonly again: () => void }) {
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  return (
    <Section
      title="Subscribe"
      note="Saved, the filter is evaluated as posteriors are committed; stars that enter, change or leave are announced."
    >
      <form
        class="filters"
        onSubmit={event => {
          event.preventDefault()
          setProblem(null)
          sendJson('POST', '/v1/subscriptions', { name: name.trim(), ...filter }).then(
            () => {
              setName('')
              again()
            },
            error => setProblem(toProblem(error)),
          )
        }}
      >
        <label>
          Name{' '}
          <input
            type="text"
            required
            maxLength={60}
            value={name}
            onInput={event => setName(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Save</button>
      </form>
      {problem !== null && <Failure problem={problem} />}
    </Section>
  )
}

function Saved({
  subscriptions,
  again,
}: {
  readonly subscriptions: readonly Subscription[]
  readonly again: () => void
}) {
  const [problem, setProblem] = useState<Problem | null>(null)
  return (
    <Section title="Saved" class="wide">
      {problem !== null && <Failure problem={problem} />}
      {subscriptions.length === 0 && <p class="empty">None yet.</p>}
      <ul class="saved">
        {subscriptions.map(one => (
          <li key={one.id}>
            <h3>{one.name}</h3>
            <p class="mono">{one.where === '' ? 'every star' : one.where}</p>
            <p class="note">
              {`Topic ${one.topic}`}
              {one.moc !== null && ', within a region'}
              {one.watchlist.length > 0 && `, of ${countText(one.watchlist.length)} ids`}
            </p>
            <Snippets eventsUrl={one.eventsUrl} />
            <button
              type="button"
              class="quiet"
              aria-label={`Delete ${one.name}`}
              onClick={() =>
                sendJson('DELETE', `/v1/subscriptions/${encodeURIComponent(one.id)}`).then(again, error =>
                  setProblem(toProblem(error)),
                )
              }
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Snippets({ eventsUrl }: { readonly eventsUrl: string }) {
  const id = useId()
  return (
    <details>
      <summary>Follow it from a program</summary>
      {snippetsOf(location.origin, eventsUrl).map(({ language, code }) => (
        <figure key={language} class="snippet">
          <figcaption id={`${id}${language}`}>{language}</figcaption>
          <pre>{code}</pre>
          <button
            type="button"
            class="quiet"
            aria-label={`Copy the ${language} snippet`}
            onClick={() => navigator.clipboard?.writeText(code)}
          >
            Copy
          </button>
        </figure>
      ))}
    </details>
  )
}

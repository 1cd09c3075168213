// Classifications as they happen, with the state of the pipeline behind them and the records that it refused.
import { useEffect, useState } from 'preact/hooks'
import type { Address } from './address.ts'
import { listen } from './eventReader.ts'
import { LetterSection } from './letterSection.tsx'
import { setParams, useAnswer } from './pageHooks.ts'
import { ColumnHeads, Failure, Scroll, Section, StarLink } from './pageParts.tsx'
import { PipelineSection } from './pipelineSection.tsx'
import type { Problem } from './service.ts'
import { className, countText, intervalText, percentText, surveyName } from './shownQuantity.ts'
import type { PosteriorAnswer } from './starAnswer.ts'

const SHOWN = 60

interface Seen {
  readonly key: string
  readonly atMs: number
  readonly probability: number
  readonly posterior: PosteriorAnswer
}

export function StreamPage({ params }: Address) {
  useEffect(() => {
    document.title = 'Stream · birthline'
  }, [])
  return (
    <>
      <h1 class="pageTitle">Stream</h1>
      <div class="columns">
        <Live params={params} />
        <div class="stack">
          <PipelineSection />
        </div>
        <LetterSection />
      </div>
    </>
  )
}

function Live({ params }: { readonly params: ReadonlyMap<string, string> }) {
  const watched = params.get('class') ?? 'young'
  const above = params.get('above') ?? '0.5'
  const from = params.get('from') ?? 'earliest'
  const [classes] = useAnswer<{ readonly classes: readonly string[] }>('/v1/classes')
  const [seen, setSeen] = useState<readonly Seen[]>([])
  const [count, setCount] = useState(0)
  const [link, setLink] = useState<{
    readonly state: string
    readonly problem: Problem | null
    readonly heardMs: number
  }>({ state: 'waiting', problem: null, heardMs: 0 })
  useEffect(() => {
    setSeen([])
    setCount(0)
    const gone = new AbortController()
    // Thousands come at once where the past is read: the page is drawn anew a few times a second, not for each.
    let waiting: Seen[] = []
    let heardMs = 0
    const draw = setInterval(() => {
      if (waiting.length > 0) {
        const news = waiting
        waiting = []
        setCount(before => before + news.length)
        setSeen(before => [...news.reverse(), ...before].slice(0, SHOWN))
      }
      setLink(before => (before.heardMs === heardMs ? before : { ...before, heardMs }))
    }, 250)
    const path = `/v1/classes/${encodeURIComponent(watched)}/stream?above=${encodeURIComponent(above)}&from=${encodeURIComponent(from)}`
    listen(
      path,
      {
        onEvent: event => {
          heardMs = Date.now()
          if (event.name !== 'posterior') return
          const data = JSON.parse(event.data) as { readonly probability: number; readonly posterior: PosteriorAnswer }
          waiting.push({ ...data, key: event.id, atMs: heardMs })
        },
        onState: (state, problem) => setLink(before => ({ ...before, state, problem })),
      },
      gone.signal,
    )
    return () => {
      gone.abort()
      clearInterval(draw)
    }
  }, [watched, above, from])
  return (
    <Section
      title="Classifications"
      note={
        <span role="status">
          <span class={`light ${link.state}`} aria-hidden="true" />{' '}
          {link.state === 'open' ? 'Connected' : link.state === 'refused' ? 'Not connected' : 'Connecting again …'}
          {`, ${countText(count)} since this view was opened`}
          {link.heardMs > 0 && `, last heard ${new Date(link.heardMs).toLocaleTimeString()}`}
        </span>
      }
    >
      <form class="filters" onSubmit={event => event.preventDefault()}>
        <label>
          Class{' '}
          <select value={watched} onChange={event => setParams({ class: event.currentTarget.value })}>
            {(classes.state === 'ready' ? classes.value.classes : [watched]).map(name => (
              <option key={name} value={name}>
                {className(name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          from{' '}
          <input
            type="range"
            min={0}
            max={0.99}
            step={0.01}
            value={above}
            aria-valuetext={percentText(Number(above))}
            onChange={event => setParams({ above: event.currentTarget.value })}
          />{' '}
          {percentText(Number(above))}
        </label>
        <label>
          <input
            type="checkbox"
            checked={from === 'earliest'}
            onChange={event => setParams({ from: event.currentTarget.checked ? 'earliest' : 'latest' })}
          />{' '}
          with the past
        </label>
      </form>
      {link.problem !== null && link.state === 'refused' && <Failure problem={link.problem} />}
      {seen.length === 0 ? (
        <p class="empty">None yet. What is inferred from now on appears here.</p>
      ) : (
        <Scroll label="Newest classifications">
          <table class="events">
            <ColumnHeads titles={['Star', { number: className(watched) }, { number: 'Age (Myr)' }, 'Surveys']} />
            <tbody>
              {seen.map(({ key, probability, posterior }) => {
                const age = posterior.summaries.find(({ parameter }) => parameter === 'logAgeYr')
                const text = age === undefined ? null : intervalText('logAgeYr', age)
                return (
                  <tr key={`${key} ${posterior.posteriorId}`} data-posterior={posterior.posteriorId}>
                    <td>
                      <StarLink id={posterior.starId} />
                    </td>
                    <td class="number">{percentText(probability)}</td>
                    <td class="number">{text === null ? 'none' : `${text.median} (−${text.minus}, +${text.plus})`}</td>
                    <td>{posterior.surveys.map(surveyName).join(', ')}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </Scroll>
      )}
    </Section>
  )
}

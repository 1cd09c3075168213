// The pipeline behind the stream: what waits at each stage, rates, heartbeats, topics.
import { useEffect, useState } from 'preact/hooks'
import { ColumnHeads, Failure, Loading, Section } from './pageParts.tsx'
import { getJson, type Problem, toProblem } from './service.ts'
import { countText, numberText } from './shownQuantity.ts'

const LOOK_MS = 2000

interface PipelineAnswer {
  readonly state: string
  readonly stages: readonly {
    readonly stage: string
    readonly lag: number
    readonly consumed: number
    readonly perSecond: number | null
  }[]
  readonly topics: readonly {
    readonly topic: string
    readonly places: number
    readonly sizeBytes: number | null
    readonly perSecond: number | null
  }[]
  readonly heartbeats: readonly {
    readonly process: string
    readonly atMs: number
    readonly probe: { readonly outcome: string; readonly latencyMs: number | null } | null
  }[]
  readonly latency: { readonly medianS: number | null; readonly p99S: number | null }
  readonly residentBytes: number | null
  readonly waitingSpectra: number | null
}

export function PipelineSection() {
  const [status, setStatus] = useState<PipelineAnswer | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => {
    const gone = new AbortController()
    let timer = 0
    const look = () =>
      getJson<PipelineAnswer>('/v1/status', gone.signal)
        .then(
          answer => {
            setStatus(answer)
            setProblem(null)
          },
          error => gone.signal.aborted || setProblem(toProblem(error)),
        )
        .finally(() => {
          if (!gone.signal.aborted) timer = window.setTimeout(look, LOOK_MS)
        })
    look()
    return () => {
      gone.abort()
      clearTimeout(timer)
    }
  }, [])
  if (status === null)
    return (
      <Section title="Pipeline">
        {problem === null ? <Loading what="the pipeline" /> : <Failure problem={problem} />}
      </Section>
    )
  const perSecond = (rate: number | null) => (rate === null ? '…' : `${numberText(rate, 2)} /s`)
  return (
    <Section title="Pipeline" {...(problem !== null && { note: `Last known; ${problem.detail}` })}>
      <table>
        <caption>Stages, in the order in which a record goes through them</caption>
        <ColumnHeads titles={['Stage', { number: 'Done' }, { number: 'Waiting' }, { number: 'Rate' }]} />
        <tbody>
          {status.stages.map(({ stage, consumed, lag, perSecond: rate }) => (
            <tr key={stage}>
              <th scope="row">{stage}</th>
              <td class="number">{countText(consumed)}</td>
              <td class="number">{countText(lag)}</td>
              <td class="number">{perSecond(rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl class="numbers">
        {status.latency.medianS !== null && (
          <div>
            <dt>From row to posterior</dt>
            <dd>{`${numberText(status.latency.medianS, 2)} s (99%: ${status.latency.p99S === null ? 'unknown' : `${numberText(status.latency.p99S, 2)} s`})`}</dd>
          </div>
        )}
        {status.residentBytes !== null && (
          <div>
            <dt>Memory</dt>
            <dd>{numberText(status.residentBytes / 2 ** 20, 3)} MiB</dd>
          </div>
        )}
        {status.waitingSpectra !== null && (
          <div>
            <dt>Spectra that wait for a star</dt>
            <dd>{countText(status.waitingSpectra)}</dd>
          </div>
        )}
        {status.heartbeats.map(({ process, atMs, probe }) => (
          <div key={process}>
            <dt>Heartbeat of {process}</dt>
            <dd>
              {new Date(atMs).toLocaleTimeString()}
              {probe !== null &&
                `; probe star ${probe.outcome}${probe.latencyMs === null ? '' : ` in ${numberText(probe.latencyMs / 1000, 2)} s`}`}
            </dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>{status.topics.length} topics</summary>
        <table>
          <ColumnHeads titles={['Topic', { number: 'Records' }, { number: 'Rate' }]} />
          <tbody>
            {status.topics.map(({ topic, places, perSecond: rate }) => (
              <tr key={topic}>
                <th scope="row">{topic}</th>
                <td class="number">{countText(places)}</td>
                <td class="number">{perSecond(rate)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Section>
  )
}

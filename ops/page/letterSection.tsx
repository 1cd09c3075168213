// Records that the pipeline refused, with their reasons, and the way back for them.
import { useState } from 'preact/hooks'
import { useAnswer } from './pageHooks.ts'
import { ColumnHeads, Failure, Loading, Scroll, Section } from './pageParts.tsx'
import { type Problem, sendJson, toProblem } from './service.ts'
import { countText } from './shownQuantity.ts'

interface Letter {
  readonly deadLetterId: string
  readonly step: string
  readonly code: string
  readonly reason: string
  readonly origin: string
  readonly topic: string
}

export function LetterSection() {
  const [answer, again] = useAnswer<{ readonly total: number; readonly letters: readonly Letter[] }>('/v1/dead-letters')
  const [result, setResult] = useState<string>('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const redrive = async (ids: readonly string[]) => {
    setProblem(null)
    setResult('Putting back …')
    try {
      const { redriven } = await sendJson<{ readonly redriven: number }>('POST', '/v1/dead-letters/redrive', { ids })
      setResult(`${redriven} put back; refused again, a record stands here again.`)
      again()
    } catch (error) {
      setResult('')
      setProblem(toProblem(error))
    }
  }
  if (answer.state === 'loading')
    return (
      <Section title="Dead letters">
        <Loading what="refused records" />
      </Section>
    )
  if (answer.state === 'failed')
    return (
      <Section title="Dead letters">
        <Failure problem={answer.problem} again={again} />
      </Section>
    )
  const { total, letters } = answer.value
  const ways = letters.filter(({ topic }) => topic !== '').map(({ deadLetterId }) => deadLetterId)
  return (
    <Section
      title="Dead letters"
      class="wide"
      note={
        total === 0
          ? 'No refused record waits.'
          : `${countText(total)} refused records wait, each with its reason${letters.length < total ? `; the newest ${letters.length} are shown` : ''}.`
      }
      actions={
        <>
          <button type="button" class="quiet" onClick={again}>
            Look again
          </button>
          {ways.length > 0 && (
            <button type="button" class="quiet" onClick={() => redrive(ways)}>
              Put all back
            </button>
          )}
        </>
      }
    >
      <p role="status" class="note">
        {result}
      </p>
      {problem !== null && <Failure problem={problem} />}
      {letters.length > 0 && (
        <Scroll label="Refused records">
          <table class="letters">
            <ColumnHeads titles={['Code', 'Reason', 'Origin', 'Way back']} />
            <tbody>
              {letters.map(({ deadLetterId, code, reason, origin, topic }) => (
                <tr key={deadLetterId}>
                  <td class="mono">{code}</td>
                  <td>{reason}</td>
                  <td class="mono">{origin}</td>
                  <td>
                    {topic === '' ? (
                      'mend its file'
                    ) : (
                      <button
                        type="button"
                        class="quiet"
                        aria-label={`Put back ${origin}`}
                        onClick={() => redrive([deadLetterId])}
                      >
                        Put back
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Section>
  )
}

// The photometry of a star as a spectral energy distribution, and what the model says each survey should have seen.
import { useEffect, useState } from 'preact/hooks'
import { setParams } from './pageHooks.ts'
import { Failure, Section } from './pageParts.tsx'
import { type PredictedBand, SedChart } from './sedChart.tsx'
import { type Problem, sendJson, toProblem } from './service.ts'
import type { AskAnswer, QuantityAnswer, StarAnswer } from './starAnswer.ts'

interface SedSectionProps {
  readonly id: string
  readonly star: StarAnswer
  readonly quantities: readonly QuantityAnswer[]
  readonly params: ReadonlyMap<string, string>
}

const families = [
  { survey: 'Gaia', bands: 'gMag,bpMag,rpMag' },
  { survey: '2MASS', bands: 'jMag,hMag,ksMag' },
  { survey: 'WISE', bands: 'w1Mag,w2Mag,w3Mag,w4Mag' },
]

export function SedSection({ id, star, quantities, params }: SedSectionProps) {
  const isWanted = params.get('predict') === 'yes'
  const [predicted, setPredicted] = useState<readonly PredictedBand[]>([])
  const [state, setState] = useState<'idle' | 'asking' | Problem>('idle')
  const predict = async () => {
    setState('asking')
    try {
      const found: PredictedBand[] = []
      for (const { survey, bands } of families) {
        const answer = await sendJson<AskAnswer>('POST', `/v1/stars/${encodeURIComponent(id)}/ask`, {
          for: bands,
          without: survey === 'Gaia' ? bands : survey,
          samples: 128,
        })
        found.push(...answer.answers.map(({ name, ...quantiles }) => ({ ...quantiles, quantity: name })))
        setPredicted([...found])
      }
      setState('idle')
    } catch (error) {
      setState(toProblem(error))
    }
  }
  useEffect(() => {
    if (isWanted) predict()
  }, [isWanted])
  return (
    <Section
      title="Spectral energy distribution"
      actions={
        <button
          type="button"
          class="quiet"
          disabled={state === 'asking'}
          onClick={() => (isWanted ? predict() : setParams({ predict: 'yes' }))}
        >
          {state === 'asking' ? 'Asking the model …' : 'What the model predicts'}
        </button>
      }
      note={
        predicted.length === 0
          ? 'As measured. Errors are drawn where they are larger than the points.'
          : 'Bars: what the model predicts for each survey from all the others. A point outside them is what that survey adds, such as the excess of a disk.'
      }
    >
      <SedChart measurements={star.measurements} quantities={quantities} predicted={predicted} />
      {typeof state === 'object' && <Failure problem={state} again={predict} />}
    </Section>
  )
}

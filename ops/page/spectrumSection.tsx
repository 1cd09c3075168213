// The spectra of a star as its surveys delivered them, each by itself.
import { saveDrawing } from './drawingFile.ts'
import { useAnswer } from './pageHooks.ts'
import { Failure, Loading, Section } from './pageParts.tsx'
import { countText, fixedText, numberText, surveyName } from './shownQuantity.ts'
import { SpectrumChart } from './spectrumChart.tsx'
import type { SpectraAnswer, SpectrumAnswer } from './starAnswer.ts'

/** About two for each pixel of the screen: more would be a thick line. */
const SHOWN_PIXELS = 1000

export function SpectrumSection({ id, starId }: { readonly id: string; readonly starId: string }) {
  const [answer, again] = useAnswer<SpectraAnswer>(`/v1/stars/${encodeURIComponent(id)}/spectra?pixels=${SHOWN_PIXELS}`)
  return (
    <Section
      title="Spectra"
      note="As the surveys delivered them, without masked pixels; shaded is 1 sigma, where the star keeps it."
    >
      {answer.state === 'loading' && <Loading what="its spectra" />}
      {answer.state === 'failed' && <Failure problem={answer.problem} again={again} />}
      {answer.state === 'ready' && answer.value.spectra.length === 0 && (
        <p class="empty">Its coefficients cannot be drawn: they are not all there.</p>
      )}
      {answer.state === 'ready' &&
        answer.value.spectra.map((spectrum, k) => (
          <figure key={spectrum.spectrumId} class={`oneSpectrum spectrum${k}`}>
            <figcaption>
              <div>
                <h3>{surveyName(spectrum.survey)}</h3>
                <p class="note">{factsOf(spectrum)}</p>
              </div>
              <button
                type="button"
                class="quiet"
                onClick={() =>
                  saveDrawing(`.spectrum${k} svg`, `${starId.replace(/[^\w.-]+/g, '-')}-${spectrum.survey}.svg`)
                }
              >
                SVG
              </button>
            </figcaption>
            <SpectrumChart
              segments={spectrum.segments}
              title={`Spectrum of ${starId} by ${surveyName(spectrum.survey)}`}
            />
          </figure>
        ))}
    </Section>
  )
}

function factsOf({ product, epochMjd, signalToNoise, matchProbability, segments }: SpectrumAnswer): string {
  const pixels = segments.reduce((sum, { pixelCount }) => sum + pixelCount, 0)
  const [{ binnedBy }] = segments
  return [
    product,
    ...(epochMjd === null ? [] : [`MJD ${fixedText(epochMjd, 2).replace('\u202f', '')}`]),
    ...(signalToNoise === null ? [] : [`S/N ${numberText(signalToNoise, 2)}`]),
    `${countText(pixels)} pixels${binnedBy > 1 ? `, means of ${binnedBy}` : ''}`,
    ...(matchProbability === null || matchProbability > 0.999
      ? []
      : [`match ${fixedText(100 * matchProbability, 1)}%`]),
  ].join(' · ')
}

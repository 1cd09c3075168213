// One star: what is known of it and by whom, what follows, how that came about, and where every number is from.
import { useEffect } from 'preact/hooks'
import type { Address } from './address.ts'
import { ClassSection } from './classSection.tsx'
import { CornerSection } from './cornerSection.tsx'
import { HistorySection } from './historySection.tsx'
import { useAnswer } from './pageHooks.ts'
import { Failure, Loading, StarSearch } from './pageParts.tsx'
import { ParameterSection } from './parameterSection.tsx'
import { SedSection } from './sedSection.tsx'
import { fixedText, flagText, percentText, surveyName } from './shownQuantity.ts'
import { Downloads, SourceSection } from './sourceSection.tsx'
import { SpectrumSection } from './spectrumSection.tsx'
import type { HistoryAnswer, QuantityAnswer, SampledPosterior, StarAnswer } from './starAnswer.ts'

export function StarPage({ subject: id, params }: Address) {
  const path = `/v1/stars/${encodeURIComponent(id)}`
  const [star, again] = useAnswer<StarAnswer>(id === '' ? null : path)
  const hasPosterior = star.state === 'ready' && star.value.posterior !== null
  const [posterior] = useAnswer<SampledPosterior>(hasPosterior ? `${path}/posterior` : null)
  const history = useAnswer<HistoryAnswer>(hasPosterior ? `${path}/history` : null)
  const [vocabulary] = useAnswer<{ readonly quantities: readonly QuantityAnswer[] }>('/v1/quantities')
  useEffect(() => {
    document.title = `${star.state === 'ready' ? star.value.starId : 'Star'} · birthline`
  }, [star])
  if (id === '') return <NoStar />
  if (star.state === 'loading') return <Loading what={`star ${id}`} />
  if (star.state === 'failed') {
    return (
      <div class="narrow">
        <Failure problem={star.problem} {...(star.problem.status !== 404 && { again })} />
        <StarSearch isLarge />
      </div>
    )
  }
  const found = star.value
  return (
    <>
      <StarHead star={found} id={id} />
      {found.posterior === null && (
        <p class="empty">
          {found.isRetired
            ? 'It was merged into another star.'
            : 'It has no posterior yet: it was not inferred, or cannot be.'}
        </p>
      )}
      {posterior.state === 'loading' && found.posterior !== null && <Loading what="its samples" />}
      {posterior.state === 'failed' && <Failure problem={posterior.problem} />}
      <div class="columns">
        <div class="stack">
          {posterior.state === 'ready' && <ParameterSection posterior={posterior.value} />}
          {vocabulary.state === 'ready' && (
            <SedSection key={id} id={id} star={found} quantities={vocabulary.value.quantities} params={params} />
          )}
          {(found.spectra ?? []).length + (found.pixelSpectra ?? []).length > 0 && (
            <SpectrumSection id={id} starId={found.starId} />
          )}
        </div>
        <div class="stack">
          {found.posterior !== null && <ClassSection posterior={found.posterior} params={params} />}
          {found.posterior !== null && <HistorySection history={history} params={params} />}
        </div>
        {posterior.state === 'ready' && (
          <CornerSection
            path={path}
            newest={posterior.value}
            entries={history[0].value?.entries ?? []}
            params={params}
          />
        )}
        <SourceSection star={found} />
      </div>
      {found.posterior !== null && <Downloads id={id} starId={found.starId} />}
    </>
  )
}

function NoStar() {
  return (
    <div class="narrow">
      <h1>Find a star</h1>
      <p class="note">By its id in any survey: a Gaia source id, a 2MASS or WISE designation, or survey:id.</p>
      <StarSearch isLarge />
    </div>
  )
}

/** What a star could have been seen by; a survey of which an older release is known counts as present. */
const surveyFamilies = [
  { title: 'Gaia', names: ['gaiaDr3', 'gaiaDr2'] },
  { title: '2MASS', names: ['twoMass'] },
  { title: 'WISE', names: ['allWise'] },
]

function StarHead({ star, id }: { readonly star: StarAnswer; readonly id: string }) {
  const known = new Set(star.sources.map(({ survey }) => survey))
  const flags = [...new Set([...star.flags, ...(star.posterior?.flags ?? [])])]
  const spectra = [...(star.spectra ?? []), ...(star.pixelSpectra ?? [])]
  return (
    <header class="starHead">
      <div>
        <h1>{star.starId}</h1>
        <p class="note">
          {`RA ${fixedText(star.raDeg, 5)}°, Dec ${fixedText(star.decDeg, 5)}° (ICRS, epoch ${fixedText(star.epochJyr, 1).replace('\u202f', '')})`}
        </p>
        <ul class="chips" aria-label="Surveys">
          {surveyFamilies.map(({ title, names }) => {
            const seen = names.find(name => known.has(name))
            return (
              <li key={title} class={seen === undefined ? 'missing' : 'present'}>
                {seen === undefined ? `${title}: not seen` : surveyName(seen)}
              </li>
            )
          })}
          {spectra.map(({ survey, product, file }) => (
            <li key={file} class="present">{`${surveyName(survey)} ${product}`}</li>
          ))}
        </ul>
        {flags.length > 0 && (
          <ul class="flags" aria-label="Flags">
            {flags.map(flag => (
              <li key={flag}>{flagText(flag)}</li>
            ))}
          </ul>
        )}
      </div>
      {star.posterior !== null && (
        <div class="youth">
          <span class="big">{percentText(star.posterior.youngProbability)}</span>
          <span>probability of being young</span>
          <a class="button" href={`#/what-if/${encodeURIComponent(id)}`}>
            Ask what if
          </a>
        </div>
      )}
    </header>
  )
}

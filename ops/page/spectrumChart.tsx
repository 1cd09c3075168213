// One spectrum in pixels: the flux as a line that breaks where a pixel is masked, with its error around it.
import { plainText, roundTicks } from './axisTicks.ts'
import { useWidth } from './pageHooks.ts'
import { PlotFrame } from './plotFrame.tsx'
import type { SpectrumAnswer } from './starAnswer.ts'

type Segments = SpectrumAnswer['segments']

const PAD = { left: 62, right: 14, top: 12, bottom: 44 }
/** Cosmic rays and the noise at the ends of a chip do not set the scale: so much of the pixels on each side does not. */
const OUTSIDE = 0.003

export function SpectrumChart({ segments, title }: { readonly segments: Segments; readonly title: string }) {
  const [ref, widthPx] = useWidth()
  return (
    <div ref={ref}>{widthPx > 0 && <Drawing segments={segments} title={title} width={Math.max(260, widthPx)} />}</div>
  )
}

function Drawing({
  segments,
  title,
  width,
}: {
  readonly segments: Segments
  readonly title: string
  readonly width: number
}) {
  const fluxes = segments.flatMap(({ flux }) => flux.filter(value => value !== null)).sort((a, b) => a - b)
  if (fluxes.length === 0) return <p class="empty">None of its pixels says anything.</p>
  const edge = Math.floor(OUTSIDE * fluxes.length)
  const [least, most] = [fluxes[edge], fluxes[fluxes.length - 1 - edge]]
  const pad = most > least ? 0.08 * (most - least) : Math.abs(most) || 1
  const [yLow, yHigh] = [least - pad, most + pad]
  const wavelengths = segments.flatMap(({ wavelengthNm }) => [wavelengthNm[0], wavelengthNm[wavelengthNm.length - 1]])
  const [xLow, xHigh] = [Math.min(...wavelengths), Math.max(...wavelengths)]
  const size = { ...PAD, width, height: 230 }
  const base = size.height - size.bottom
  const x = (nm: number) => size.left + ((nm - xLow) / (xHigh - xLow || 1)) * (width - size.left - size.right)
  const y = (flux: number) => {
    const within = Math.min(yHigh, Math.max(yLow, flux))
    return base - ((within - yLow) / (yHigh - yLow)) * (base - size.top)
  }
  const power = Math.floor(Math.log10(Math.max(Math.abs(yLow), Math.abs(yHigh))))
  // Fluxes are often so small that the power of ten belongs to the unit.
  const scale = power < -2 || power > 3 ? power : 0
  const [{ fluxUnit, fluxScale, medium }] = segments
  return (
    <svg class="spectrum" viewBox={`0 0 ${width} ${size.height}`} role="img" aria-label={title}>
      <PlotFrame
        size={size}
        xTicks={roundTicks(xLow, xHigh, width / 80).map(nm => ({ px: x(nm), label: plainText(nm) }))}
        yTicks={roundTicks(yLow, yHigh, 4).map(flux => ({ px: y(flux), label: plainText(flux / 10 ** scale) }))}
        xTitle={`Wavelength in ${medium} (nm)`}
        yTitle={fluxTitle(fluxUnit, fluxScale, scale)}
      />
      {segments.map((segment, k) => {
        const runs = runsOf(segment.flux)
        const at = (i: number, flux: number) => `${x(segment.wavelengthNm[i]).toFixed(1)} ${y(flux).toFixed(1)}`
        const of = (i: number) => segment.flux[i] ?? 0
        const err = (i: number) => segment.sigma[i] ?? 0
        const band = runs.map(run => {
          const upper = run.map(i => at(i, of(i) + err(i)))
          const lower = run.map(i => at(i, of(i) - err(i))).reverse()
          return `M${[...upper, ...lower].join('L')}Z`
        })
        return (
          <g key={`${segment.name} ${k}`}>
            {segment.sigma.some(value => value !== null) && <path class="band" d={band.join('')} />}
            <path class="curve" d={runs.map(run => `M${run.map(i => at(i, of(i))).join('L')}`).join('')} />
          </g>
        )
      })}
    </svg>
  )
}

/** Places of pixels that follow one another without a gap; one that stands alone is drawn as a short line. */
function runsOf(flux: readonly (number | null)[]): readonly (readonly number[])[] {
  const runs: number[][] = []
  flux.forEach((value, i) => {
    if (value === null) return
    if (i === 0 || flux[i - 1] === null) runs.push([i])
    else runs[runs.length - 1].push(i)
  })
  return runs.map(run => (run.length === 1 ? [run[0], run[0]] : run))
}

function fluxTitle(unit: string, fluxScale: string, scale: number) {
  if (fluxScale === 'normalised') return 'Flux / continuum'
  // Units as surveys write them: 1e-17 erg/s/cm2/Angstrom.
  const factor = /^1e(-?\d+) /.exec(unit)
  const power = scale + Number(factor?.[1] ?? 0)
  const rest = unit
    .slice(factor?.[0].length ?? 0)
    .replace('Angstrom', 'Å')
    .replaceAll('m2', 'm²')
  return (
    <>
      Flux (
      {power !== 0 && (
        <>
          10
          <tspan dy={-4} font-size={9}>
            {plainText(power)}
          </tspan>
          <tspan dy={4}> </tspan>
        </>
      )}
      {rest === '' ? 'relative' : rest})
    </>
  )
}

// Spectral energy distribution: what was measured of a star, band by band, and what the model predicts for it.
import { plainText } from './axisTicks.ts'
import { useWidth } from './pageHooks.ts'
import { PlotFrame } from './plotFrame.tsx'
import { fixedText, shownQuantity } from './shownQuantity.ts'
import type { MeasurementAnswer, QuantityAnswer } from './starAnswer.ts'

/** A magnitude as it is predicted: the middle, and what holds 68% and 95%. */
export interface PredictedBand {
  readonly quantity: string
  readonly q025: number
  readonly q16: number
  readonly q50: number
  readonly q84: number
  readonly q975: number
}

interface SedProps {
  readonly measurements: readonly MeasurementAnswer[]
  readonly quantities: readonly QuantityAnswer[]
  readonly predicted: readonly PredictedBand[]
}

const PAD = { left: 62, right: 14, top: 14, bottom: 44 }
/** Above the plot, where there is something to tell apart. */
const LEGEND = 26
const LIGHT_UM_PER_S = 2.99792458e14
const JY = 1e-26

/** lambda F_lambda in W/m2 of a magnitude: c / lambda times F_nu. */
export function energyOf(mag: number, band: { readonly pivotUm: number; readonly zeroPointJy: number }): number {
  return (LIGHT_UM_PER_S / band.pivotUm) * band.zeroPointJy * JY * 10 ** (-0.4 * mag)
}

export function SedChart(props: SedProps) {
  const [ref, widthPx] = useWidth()
  return <div ref={ref}>{widthPx > 0 && <Drawing {...props} width={Math.max(260, widthPx)} />}</div>
}

function Drawing({ measurements, quantities, predicted, width }: SedProps & { readonly width: number }) {
  const bands = new Map(quantities.flatMap(({ name, band }) => (band === null ? [] : [[name, band] as const])))
  const points = measurements.flatMap(one => {
    const band = bands.get(one.quantity)
    return band === undefined ? [] : [{ ...one, band, energy: energyOf(one.value, band) }]
  })
  const guesses = predicted.flatMap(({ quantity, q025, q16, q50, q84, q975 }) => {
    const band = bands.get(quantity)
    const energies = band === undefined ? [] : [q975, q84, q50, q16, q025].map(mag => energyOf(mag, band))
    return band === undefined ? [] : [{ quantity, um: band.pivotUm, energies }]
  })
  if (points.length === 0 && guesses.length === 0) return <p class="empty">No photometry of this star is known.</p>
  const logs = [...points.map(({ energy }) => energy), ...guesses.flatMap(({ energies }) => energies)].map(Math.log10)
  const [yLow, yHigh] = [Math.floor(Math.min(...logs) - 0.15), Math.ceil(Math.max(...logs) + 0.15)]
  const [xLow, xHigh] = [Math.log10(0.4), Math.log10(30)]
  const size = { ...PAD, top: PAD.top + (guesses.length > 0 ? LEGEND : 0), width, height: 300 }
  const base = size.height - size.bottom
  const x = (um: number) =>
    size.left + ((Math.log10(um) - xLow) / (xHigh - xLow)) * (size.width - size.left - size.right)
  const y = (energy: number) => base - ((Math.log10(energy) - yLow) / (yHigh - yLow)) * (base - size.top)
  return (
    <svg
      class="sed"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={`Spectral energy distribution in ${points.length} bands${guesses.length > 0 ? `, with what the model predicts of ${guesses.length}: 68% and 95%` : ''}`}
    >
      <PlotFrame
        size={size}
        xTicks={[0.5, 1, 2, 5, 10, 20].map(um => ({ px: x(um), label: plainText(um) }))}
        yTicks={Array.from({ length: yHigh - yLow + 1 }, (_, k) => ({
          px: y(10 ** (yLow + k)),
          label: (
            <>
              10
              <tspan dy={-4} font-size={8}>
                {plainText(yLow + k)}
              </tspan>
            </>
          ),
        }))}
        xTitle="Wavelength (µm)"
        yTitle="λFλ (W/m²)"
      />
      {guesses.length > 0 && <Legend left={size.left} />}
      {guesses.map(({ quantity, um, energies }) => (
        <Prediction
          key={`p ${quantity}`}
          title={`${shownQuantity(quantity).label}: ${predictedText(predicted, quantity)}`}
          {...(!points.some(one => one.quantity === quantity) && { label: shownQuantity(quantity).label })}
          at={x(um)}
          levels={energies.map(y)}
        />
      ))}
      {points.map(({ quantity, survey, value, err, isLimit, band, energy }) => (
        <g key={`${quantity} ${survey}`} class={`point ${familyOf(quantity)}`}>
          <title>{`${shownQuantity(quantity).label} ${fixedText(value, 3)} ± ${fixedText(err, 3)} mag`}</title>
          {isLimit ? (
            <path d={`M${x(band.pivotUm)} ${y(energy)}v16m-4 -5l4 5l4 -5`} />
          ) : (
            <line
              x1={x(band.pivotUm)}
              x2={x(band.pivotUm)}
              y1={y(energy * 10 ** (0.4 * err))}
              y2={y(energy * 10 ** (-0.4 * err))}
            />
          )}
          {!isLimit && <circle cx={x(band.pivotUm)} cy={y(energy)} r={4.5} />}
          <text
            class="tick"
            x={x(band.pivotUm)}
            y={labelPlace(y(energy), guesses.find(one => one.quantity === quantity)?.energies.map(y) ?? [])}
            text-anchor="middle"
          >
            {shownQuantity(quantity).label}
          </text>
        </g>
      ))}
    </svg>
  )
}

/** Above the point; above the bar too, where that would stand behind the label. */
function labelPlace(pointPx: number, levels: readonly number[]): number {
  const [topPx, lowPx] = [Math.min(...levels), Math.max(...levels)]
  return (topPx < pointPx && lowPx > pointPx - 24 ? topPx : pointPx) - 9
}

interface PredictionProps {
  readonly title?: string
  /** Of a band that was not measured. */
  readonly label?: string
  readonly at: number
  /** [5] in pixels, of the faintest of 95% first. */
  readonly levels: readonly number[]
}

/** A bar for 95%, a stronger one on it for 68%, and the median across. */
function Prediction({ title, label, at, levels: [lowest, low, middle, high, highest] }: PredictionProps) {
  return (
    <g class="predicted">
      {title !== undefined && <title>{title}</title>}
      <line class="span95" x1={at} x2={at} y1={lowest} y2={highest} />
      <line class="span68" x1={at} x2={at} y1={low} y2={high} />
      <line class="middle" x1={at - 8} x2={at + 8} y1={middle} y2={middle} />
      {label !== undefined && (
        <text class="tick" x={at} y={highest - 9} text-anchor="middle">
          {label}
        </text>
      )}
    </g>
  )
}

function predictedText(predicted: readonly PredictedBand[], quantity: string): string {
  const one = predicted.find(band => band.quantity === quantity)
  if (one === undefined) return ''
  const { q025, q16, q50, q84, q975 } = one
  const span = (low: number, high: number) => `${fixedText(low, 2)} to ${fixedText(high, 2)}`
  return `${fixedText(q50, 2)} mag predicted, 68% from ${span(q16, q84)}, 95% from ${span(q025, q975)} mag`
}

function Legend({ left }: { readonly left: number }) {
  return (
    <g class="sedLegend">
      <circle cx={left + 5} cy={16} r={4.5} />
      <text x={left + 15} y={20}>
        measured
      </text>
      <Prediction at={left + 84} levels={[28, 22, 16, 10, 4]} />
      <text x={left + 97} y={20}>
        predicted: median, 68%, 95%
      </text>
    </g>
  )
}

/** Which survey a band is of, for its colour. */
export function familyOf(quantity: string): 'gaia' | 'twoMass' | 'wise' {
  if (/^w\d/.test(quantity)) return 'wise'
  return /^(?:j|h|ks)Mag$/.test(quantity) ? 'twoMass' : 'gaia'
}

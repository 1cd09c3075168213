// Spectral energy distribution: what was measured of a star, band by band, and what the model predicts for it.
import { plainText } from './axisTicks.ts'
import { fixedText, shownQuantity } from './shownQuantity.ts'
import type { MeasurementAnswer, QuantityAnswer } from './starAnswer.ts'

export interface PredictedBand {
  readonly quantity: string
  readonly q16: number
  readonly q50: number
  readonly q84: number
}

interface SedProps {
  readonly measurements: readonly MeasurementAnswer[]
  readonly quantities: readonly QuantityAnswer[]
  readonly predicted: readonly PredictedBand[]
}

const SIZE = { width: 560, height: 300, left: 66, right: 14, top: 12, bottom: 44 }
const LIGHT_UM_PER_S = 2.99792458e14
const JY = 1e-26

/** lambda F_lambda in W/m2 of a magnitude: c / lambda times F_nu. */
export function energyOf(mag: number, band: { readonly pivotUm: number; readonly zeroPointJy: number }): number {
  return (LIGHT_UM_PER_S / band.pivotUm) * band.zeroPointJy * JY * 10 ** (-0.4 * mag)
}

export function SedChart({ measurements, quantities, predicted }: SedProps) {
  const bands = new Map(quantities.flatMap(({ name, band }) => (band === null ? [] : [[name, band] as const])))
  const points = measurements.flatMap(one => {
    const band = bands.get(one.quantity)
    return band === undefined ? [] : [{ ...one, band, energy: energyOf(one.value, band) }]
  })
  const guesses = predicted.flatMap(one => {
    const band = bands.get(one.quantity)
    return band === undefined
      ? []
      : [{ ...one, band, low: energyOf(one.q84, band), high: energyOf(one.q16, band), middle: energyOf(one.q50, band) }]
  })
  if (points.length === 0 && guesses.length === 0) return <p class="empty">No photometry of this star is known.</p>
  const logs = [...points.map(({ energy }) => energy), ...guesses.flatMap(({ low, high }) => [low, high])].map(
    Math.log10,
  )
  const [yLow, yHigh] = [Math.floor(Math.min(...logs) - 0.15), Math.ceil(Math.max(...logs) + 0.15)]
  const [xLow, xHigh] = [Math.log10(0.4), Math.log10(30)]
  const x = (um: number) =>
    SIZE.left + ((Math.log10(um) - xLow) / (xHigh - xLow)) * (SIZE.width - SIZE.left - SIZE.right)
  const y = (energy: number) =>
    SIZE.height - SIZE.bottom - ((Math.log10(energy) - yLow) / (yHigh - yLow)) * (SIZE.height - SIZE.top - SIZE.bottom)
  const base = SIZE.height - SIZE.bottom
  return (
    <svg
      class="sed"
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      role="img"
      aria-label={`Spectral energy distribution in ${points.length} bands${guesses.length > 0 ? ', with predictions' : ''}`}
    >
      {[0.5, 1, 2, 5, 10, 20].map(um => (
        <g key={um}>
          <line class="grid" x1={x(um)} x2={x(um)} y1={SIZE.top} y2={base} />
          <text class="tick" x={x(um)} y={base + 16} text-anchor="middle">
            {plainText(um)}
          </text>
        </g>
      ))}
      {Array.from({ length: yHigh - yLow + 1 }, (_, k) => yLow + k).map(power => (
        <g key={power}>
          <line class="grid" x1={SIZE.left} x2={SIZE.width - SIZE.right} y1={y(10 ** power)} y2={y(10 ** power)} />
          <text class="tick" x={SIZE.left - 6} y={y(10 ** power) + 4} text-anchor="end">
            10
            <tspan dy={-4} font-size={8}>
              {plainText(power)}
            </tspan>
          </text>
        </g>
      ))}
      <text class="axisTitle" x={(SIZE.left + SIZE.width) / 2} y={SIZE.height - 8} text-anchor="middle">
        Wavelength (µm)
      </text>
      <text class="axisTitle" text-anchor="middle" transform={`translate(14 ${(SIZE.top + base) / 2}) rotate(-90)`}>
        λFλ (W/m²)
      </text>
      {guesses.map(({ quantity, band, low, middle, high }) => (
        <g key={`p ${quantity}`} class="predicted">
          <line x1={x(band.pivotUm)} x2={x(band.pivotUm)} y1={y(low)} y2={y(high)} />
          <line class="middle" x1={x(band.pivotUm) - 6} x2={x(band.pivotUm) + 6} y1={y(middle)} y2={y(middle)} />
        </g>
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
          <text class="tick" x={x(band.pivotUm)} y={y(energy) - 10} text-anchor="middle">
            {shownQuantity(quantity).label}
          </text>
        </g>
      ))}
    </svg>
  )
}

/** Which survey a band is of, for its colour. */
export function familyOf(quantity: string): 'gaia' | 'twoMass' | 'wise' {
  if (/^w\d/.test(quantity)) return 'wise'
  return /^(?:j|h|ks)Mag$/.test(quantity) ? 'twoMass' : 'gaia'
}

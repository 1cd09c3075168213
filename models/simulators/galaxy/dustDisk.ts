// Interstellar dust between the Sun and a star: a double exponential disk with the Local Bubble cut out.
import { RAD_PER_DEG } from '../../../schemas/index.ts'
import { sun } from './components.ts'

export interface DustDisk {
  /** Visual extinction per kiloparsec in the plane at the Sun. */
  readonly avPerKpc: number
  /** Scale length and height of the dust. */
  readonly hRadialKpc: number
  readonly hVerticalKpc: number
  /** Within this radius the plane holds no more dust. */
  readonly plateauKpc: number
  /** No dust nearer than this. */
  readonly bubbleKpc: number
}

/**
 * 1 mag/kpc is a choice: Robin+ 2003 have 0.7 away from clouds, which are added to it here on the mean. Scale length 4.2 kpc and height 88 pc:
 * Sharma+ 2011, ApJ 730, 3 (Galaxia; its warp and flare are left out). Within 4 kpc of the centre the dust no longer grows, a choice: Hammersley+ 1999,
 * MNRAS 308, 333 find that extinction drops there. The cavity around the Sun ends at 80 pc, a choice too: the peak of the dust in its walls is 70 to
 * over 600 pc away (O'Neill+ 2024, ApJ 973, 136), but on the mean of many lines of sight dust begins where the nearest walls are.
 * No cloud is modelled: on real lines of sight near the plane A_V differs from this by a factor of 2 either way.
 */
export const galaxiaDust: DustDisk = {
  avPerKpc: 1,
  hRadialKpc: 4.2,
  hVerticalKpc: 0.088,
  plateauKpc: 4,
  bubbleKpc: 0.08,
}

// Gauss-Legendre nodes and weights of order 8 on [0, 1].
const nodes = [
  0.0198550718, 0.1016667613, 0.237233795, 0.4082826788, 0.5917173212, 0.762766205, 0.8983332387, 0.9801449282,
]
const weights = [
  0.0506142681, 0.1111905172, 0.1568533229, 0.1813418917, 0.1813418917, 0.1568533229, 0.1111905172, 0.0506142681,
]

/** Dust at a place, mag of A_V per kpc. */
export function dustDensity(dust: DustDisk, radiusKpc: number, zKpc: number): number {
  const { avPerKpc, hRadialKpc, hVerticalKpc, plateauKpc } = dust
  return (
    avPerKpc * Math.exp(-(Math.max(plateauKpc, radiusKpc) - sun.radiusKpc) / hRadialKpc - Math.abs(zKpc) / hVerticalKpc)
  )
}

/**
 * A_V along a line of sight.
 *
 * @param fromKpc, toKpc distances from the Sun between which the dust is counted
 * Accuracy: 1e-4 relative, by panels no longer than the dust changes over.
 */
export function avBetween(dust: DustDisk, lDeg: number, bDeg: number, fromKpc: number, toKpc: number): number {
  const [l, b] = [lDeg * RAD_PER_DEG, bDeg * RAD_PER_DEG]
  return avAlong(dust, Math.cos(b) * Math.cos(l), Math.cos(b) * Math.sin(l), Math.sin(b), fromKpc, toKpc)
}

/** The same for a unit vector towards centre, rotation, pole. */
export function avAlong(dust: DustDisk, ux: number, uy: number, uz: number, fromKpc: number, toKpc: number): number {
  const slope = Math.abs(uz)
  // Beyond sixteen scale heights there is nothing left to count.
  const endKpc = Math.min(toKpc, slope === 0 ? toKpc : (16 * dust.hVerticalKpc + sun.heightKpc) / slope)
  const begin = Math.max(fromKpc, dust.bubbleKpc)
  if (!(endKpc > begin)) return 0
  // The dust has a kink where the line crosses the plane, and nearly one where it passes the centre.
  const plane = inside(uz === 0 ? begin : -sun.heightKpc / uz, begin, endKpc)
  const centre = inside(sun.radiusKpc * ux, begin, endKpc)
  const [first, second] = plane < centre ? [plane, centre] : [centre, plane]
  const longest = Math.min(dust.hRadialKpc, slope === 0 ? dust.hRadialKpc : (3 * dust.hVerticalKpc) / slope)
  return (
    stretchAv(dust, ux, uy, uz, begin, first, longest) +
    stretchAv(dust, ux, uy, uz, first, second, longest) +
    stretchAv(dust, ux, uy, uz, second, endKpc, longest)
  )
}

function inside(s: number, low: number, high: number): number {
  return s < low ? low : s > high ? high : s
}

/** A_V of a stretch without kinks, in panels of at most `longest`. */
function stretchAv(
  dust: DustDisk,
  ux: number,
  uy: number,
  uz: number,
  fromKpc: number,
  toKpc: number,
  longest: number,
): number {
  if (toKpc <= fromKpc) return 0
  const panels = Math.ceil((toKpc - fromKpc) / longest)
  const step = (toKpc - fromKpc) / panels
  let sum = 0
  for (let p = 0; p < panels; p++)
    for (let k = 0; k < nodes.length; k++) {
      const s = fromKpc + (p + nodes[k]) * step
      const x = s * ux - sun.radiusKpc
      const y = s * uy
      sum += weights[k] * dustDensity(dust, Math.sqrt(x * x + y * y), sun.heightKpc + s * uz)
    }
  return sum * step
}

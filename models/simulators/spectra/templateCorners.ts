// The nodes around a photosphere on the axes of a set of templates, and the mean of what they hold.
import { intervalOf } from '../../math/grid.ts'
import type { OpticalPhotosphere } from '../xp/xpStarlight.ts'

/** Receives the flux on a fine grid. @returns false outside the coverage */
export type TemplateFlux = (photosphere: OpticalPhotosphere, out: Float32Array) => boolean

export interface TemplateAxes {
  readonly teffK: readonly number[]
  readonly loggDex: readonly number[]
  readonly fehDex: readonly number[]
}

/** Places on the axes, and the share in the mean, above 0. */
export interface Corner {
  readonly t: number
  readonly g: number
  readonly z: number
  readonly weight: number
}

/** @returns one to eight, linear in 1 / Teff, log g and [Fe/H]; none outside the axes */
export function cornersOf(axes: TemplateAxes, photosphere: Omit<OpticalPhotosphere, 'family'>): readonly Corner[] {
  const { teffK, loggDex, fehDex } = photosphere
  const { teffK: teffs, loggDex: loggs, fehDex: fehs } = axes
  if (!(isWithin(teffs, teffK) && isWithin(loggs, loggDex) && isWithin(fehs, fehDex))) return []
  const [t, g, z] = [intervalOf(teffs, teffK), intervalOf(loggs, loggDex), intervalOf(fehs, fehDex)]
  const wt = teffs.length === 1 ? 0 : (1 / teffK - 1 / teffs[t]) / (1 / teffs[t + 1] - 1 / teffs[t])
  const wg = loggs.length === 1 ? 0 : (loggDex - loggs[g]) / (loggs[g + 1] - loggs[g])
  const wz = fehs.length === 1 ? 0 : (fehDex - fehs[z]) / (fehs[z + 1] - fehs[z])
  const corners: Corner[] = []
  for (let corner = 0; corner < 8; corner++) {
    const [a, b, c] = [corner & 1, (corner >> 1) & 1, corner >> 2]
    const weight = (a ? wt : 1 - wt) * (b ? wg : 1 - wg) * (c ? wz : 1 - wz)
    if (weight !== 0) corners.push({ t: t + a, g: g + b, z: z + c, weight })
  }
  return corners
}

function isWithin(axis: readonly number[], x: number): boolean {
  return x >= axis[0] && x <= axis[axis.length - 1]
}

/** Weighted sum of the lines of one to eight nodes, in one pass: this is where most of the time goes. */
export function mixInto(lines: readonly Float32Array[], weights: readonly number[], out: Float32Array): void {
  const [a, b, c, d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7].map(k => lines[k] ?? lines[0])
  const [wa, wb, wc, wd, we, wf, wg, wh] = [0, 1, 2, 3, 4, 5, 6, 7].map(k => weights[k] ?? 0)
  const count = out.length
  if (lines.length <= 4) {
    for (let i = 0; i < count; i++) out[i] = wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i]
    return
  }
  for (let i = 0; i < count; i++) {
    out[i] = wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i] + we * e[i] + wf * f[i] + wg * g[i] + wh * h[i]
  }
}

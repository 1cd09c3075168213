import { describe, expect, it } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { createDustGrid, layDust, MAX_LATITUDES, RADII } from '../../../../models/simulators/dust/dustGrid.ts'
import { binWidthsUm, dust, rowOf, WAVELENGTHS } from '../../../../models/simulators/dust/dustOpacity.ts'
import { createDustTemperatures } from '../../../../models/simulators/dust/dustTemperature.ts'
import { drawYso, modelSets, sedWavelengthsUm, type Yso } from '../../../../models/simulators/dust/modelSets.ts'
import { addLight, createRaySums, createRayTracer, VIEW_AZIMUTHS } from '../../../../models/simulators/dust/raySums.ts'
import { divideLight } from '../../../../models/simulators/dust/starlight.ts'
import { placeDust } from '../../../../models/simulators/dust/ysoDensity.ts'
import { createYsoSed, createYsoSeds, starLuminosity } from '../../../../models/simulators/dust/ysoSed.ts'
import { createYsoSpectra } from '../../../../models/simulators/dust/ysoSpectrum.ts'
import { BIN_COUNT, binCentresUm } from '../../../../models/simulators/photosphere/wavelengths.ts'

const bare: Yso = {
  starRadiusRsun: 2,
  starTeffK: 4000,
  disk: null,
  envelope: null,
  cavity: null,
  innerRadiusRsub: 1,
  hasAmbient: false,
  inclinationDeg: 45,
}
const disk = { massMsun: 1e-4, outerRadiusAu: 200, flaringPower: 1.15, surfacePower: -1, height100Au: 8 }
const young: Yso = { ...bare, disk, hasAmbient: true }
const infalling: Yso = {
  ...young,
  envelope: { kind: 'ulrich', densityGPerCm3: 2e-20, centrifugalRadiusAu: 200 },
  cavity: { power: 1.5, openingDeg: 15, densityGPerCm3: 1e-22 },
}
const shell = (densityGPerCm3: number): Yso => ({
  ...bare,
  envelope: { kind: 'powerLaw', densityGPerCm3, power: -1.5 },
  hasAmbient: true,
})

const seds = createYsoSeds()
const PC_AWAY = 100
const spectra = createYsoSpectra(sedWavelengthsUm)

function wholeSed(yso: Yso, inclinationDeg = yso.inclinationDeg) {
  seds.place(yso)
  const sed = createYsoSed([1e8])
  seds.see(inclinationDeg, sed)
  return sed
}

/** Shares of the star's light in each bin. */
function starShares(yso: Yso): Float64Array {
  const light = sedWavelengthsUm.map(
    (um, i) => binWidthsUm[i] / um ** 5 / Math.expm1(14387.768775 / (um * yso.starTeffK)),
  )
  const sum = light.reduce((a, b) => a + b)
  return light.map(x => x / sum)
}

/** lambda L_lambda in luminosities of the star. */
function brightness(yso: Yso, inclinationDeg = yso.inclinationDeg): Float64Array {
  const sed = wholeSed(yso, inclinationDeg)
  const shares = starShares(yso)
  const luminosity = starLuminosity(yso)
  return sedWavelengthsUm.map(
    (um, i) =>
      um *
      ((shares[i] / binWidthsUm[i]) * (Math.exp(-sed.starDepth[i]) + sed.scattered[i]) + sed.thermal[i] / luminosity),
  )
}

const total = (spectrum: Float64Array): number =>
  spectrum.reduce((sum, value, i) => sum + (value * binWidthsUm[i]) / sedWavelengthsUm[i], 0)
const nearest = (um: number): number => Math.round((Math.log(um / 0.01) / Math.log(5e5)) * 199)

function slope(values: ArrayLike<number>, fromUm: number, toUm: number): number {
  const a = nearest(fromUm)
  const b = nearest(toUm)
  return Math.log(values[b] / values[a]) / Math.log(sedWavelengthsUm[b] / sedWavelengthsUm[a])
}

/** Gauss's six directions from the plane to the axis. */
const directions: readonly (readonly [number, number])[] = [
  [0.0337652429, 0.0856622462],
  [0.1693953068, 0.1803807865],
  [0.380690407, 0.2339569673],
  [0.619309593, 0.2339569673],
  [0.8306046932, 0.1803807865],
  [0.9662347571, 0.0856622462],
]

describe('the spectrum of a young star in dust', () => {
  it('is the star itself where there is no dust', () => {
    const sed = wholeSed(bare)
    const star = Float64Array.from(binCentresUm, um => 1 / um)
    const out = new Float64Array(BIN_COUNT)
    createYsoSpectra(binCentresUm).fluxInto(sed, 0, PC_AWAY, star, out)
    expect([...out]).toEqual([...star])
  })

  it.each<[string, Yso, number]>([
    ['a thin shell', shell(1e-23), 0.03],
    ['a thick shell', shell(1e-18), 0.03],
    ['a disk', young, 0.1],
    ['a disk in an envelope with cavities', infalling, 0.15],
  ])('sends all in all what the star sends: %s', (_, yso, bound) => {
    let sent = 0
    for (const [cosine, weight] of directions)
      sent += weight * total(brightness(yso, (Math.acos(cosine) * 180) / Math.PI))
    expect(Math.abs(sent - 1)).toBeLessThan(bound)
  })

  it('takes of the star what a thin shell takes, and is nearly in balance with it', () => {
    const thin: Yso = { ...shell(1e-22), innerRadiusRsub: 3 }
    const { absorbed, balance } = seds.place(thin)
    const shares = starShares(thin)
    const place = placeDust(thin, shares)
    let column = 0
    const steps = 20_000
    for (let j = 0; j < steps; j++) {
      const r = place.innerCm * (place.outerCm / place.innerCm) ** ((j + 0.5) / steps)
      column += (place.surroundings(r, 0) * r * Math.log(place.outerCm / place.innerCm)) / steps
    }
    // At least what is absorbed without a turn, at most what is lost of a beam that is turned back again and again.
    const least = shares.reduce((sum, share, i) => sum - share * Math.expm1(-dust.absorption[i] * column), 0)
    const most = shares.reduce((sum, share, i) => sum - share * Math.expm1(-dust.effective[i] * column), 0)
    expect(absorbed / least).toBeGreaterThan(0.97)
    expect(absorbed / most).toBeLessThan(1.03)
    expect(balance).toBeGreaterThan(0.85)
    expect(balance).toBeLessThan(1.15)
  })

  it('falls as opacity times lambda^-4 where the dust is thin and warm', () => {
    const { thermal } = wholeSed({ ...bare, starRadiusRsun: 3, starTeffK: 20_000, disk: { ...disk, massMsun: 1e-8 } })
    const found = slope(thermal, 1500, 4500)
    expect(Math.abs(found - (slope(dust.absorption, 1500, 4500) - 4))).toBeLessThan(0.15)
  })

  it('falls as lambda^(-4/3) where a flat thick disk is as warm as r^(-3/4)', () => {
    const flat: Yso = {
      ...bare,
      disk: { ...disk, massMsun: 0.1, flaringPower: 1, height100Au: 1, outerRadiusAu: 2000 },
    }
    const place = placeDust(flat, starShares(flat))
    const grid = createDustGrid()
    layDust(grid, place)
    const temperatures = createDustTemperatures()
    temperatures.gain.fill(1)
    for (let i = 0; i < RADII; i++) {
      const r = Math.sqrt(grid.radiusCm[i] * grid.radiusCm[i + 1])
      temperatures.row.fill(rowOf(1500 * (r / grid.radiusCm[0]) ** -0.75), i * MAX_LATITUDES, (i + 1) * MAX_LATITUDES)
    }
    const sums = createRaySums(1)
    createRayTracer()(grid, temperatures, 1, [Number.POSITIVE_INFINITY], sums, VIEW_AZIMUTHS, null)
    const light = new Float64Array(WAVELENGTHS)
    addLight(sums, 0, 0, 1, light, 0)
    // Scattering keeps a part of the light in, alike at both wavelengths.
    const albedo = dust.absorption.map((a, i) => a / dust.effective[i])
    const found = slope(
      light.map((l, i) => (l * sedWavelengthsUm[i]) / albedo[i]),
      30,
      150,
    )
    expect(Math.abs(found + 4 / 3)).toBeLessThan(0.1)
  })

  it('shows silicates in emission from above and in absorption from the side', () => {
    const depth = (inclinationDeg: number): number => {
      const light = brightness(young, inclinationDeg)
      return light[nearest(9.7)] / Math.sqrt(light[nearest(7)] * light[nearest(13.5)])
    }
    expect(depth(10)).toBeGreaterThan(1.1)
    expect(depth(80)).toBeLessThan(depth(10))
    const thick = brightness(infalling, 85)
    expect(thick[nearest(9.7)]).toBeLessThan(0.7 * Math.sqrt(thick[nearest(7)] * thick[nearest(13.5)]))
  })

  it('has more excess the more dust there is', () => {
    const excess = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3].map(massMsun =>
      total(wholeSed({ ...bare, disk: { ...disk, massMsun } }, 30).thermal.map((l, i) => l * sedWavelengthsUm[i])),
    )
    for (let j = 1; j < excess.length; j++) expect(excess[j]).toBeGreaterThan(excess[j - 1])
  })

  it('never loses light with a larger aperture, whatever the set', () => {
    const rng = createRng(3, 1)
    const sed = createYsoSed([100, 1000, 1e4, 1e5, 1e6])
    for (const set of modelSets)
      for (let n = 0; n < 4; n++) {
        const yso = drawYso(set, rng)
        seds.place(yso)
        seds.see(yso.inclinationDeg, sed)
        for (const [values, most] of [
          [sed.thermal, 1e45],
          [sed.scattered, 20],
        ] as const)
          expect(
            values.every((v, at) => v >= (at < WAVELENGTHS ? 0 : values[at - WAVELENGTHS] * (1 - 1e-9)) && v < most),
          ).toBe(true)
      }
  })

  it('passes through the classes from envelope to bare star', () => {
    const alpha = (yso: Yso): number => slope(brightness(yso, 40), 2.2, 24)
    const thin: Yso = { ...bare, disk: { ...disk, massMsun: 1e-8 }, innerRadiusRsub: 1000 }
    const dense: Yso = { ...infalling, envelope: { kind: 'ulrich', densityGPerCm3: 6e-19, centrifugalRadiusAu: 200 } }
    const waning: Yso = { ...infalling, envelope: { kind: 'ulrich', densityGPerCm3: 1e-19, centrifugalRadiusAu: 200 } }
    // Bounds of Greene+ 1994 between I, flat, II and III.
    expect(alpha(dense)).toBeGreaterThan(0.3)
    expect(Math.abs(alpha(waning))).toBeLessThan(0.3)
    expect(alpha(young)).toBeLessThan(-0.3)
    expect(alpha(young)).toBeGreaterThan(-1.6)
    expect(alpha(thin)).toBeLessThan(-1.6)
    expect(alpha(bare)).toBeLessThan(-2.5)
  })

  it('is nearly in balance before it is scaled, in every set', () => {
    const rng = createRng(11, 2)
    for (const set of modelSets) {
      const balances = Array.from({ length: 20 }, () => seds.place(drawYso(set, rng)))
        .filter(({ absorbed }) => absorbed > 1e-3)
        .map(({ balance }) => balance)
      for (const balance of balances) {
        expect(balance).toBeGreaterThan(0.6)
        expect(balance).toBeLessThan(1.7)
      }
    }
  })

  it('takes and sends light around the hottest and largest stars too', () => {
    for (const starTeffK of [2000, 10_000, 30_000]) {
      const bright: Yso = { ...shell(1e-18), starRadiusRsun: 100, starTeffK }
      const { absorbed } = seds.place(bright)
      expect(absorbed).toBeGreaterThan(0.99)
      const sed = createYsoSed([1e12])
      seds.see(30, sed)
      const sent = sed.thermal.reduce((sum, light, i) => sum + light * binWidthsUm[i], 0)
      expect(Math.abs(sent / starLuminosity(bright) / absorbed - 1)).toBeLessThan(0.03)
    }
  })

  it('divides the light of the star into what passes, is taken and is turned away, and a disk turns some away', () => {
    const place = placeDust({ ...bare, disk }, starShares(bare))
    const grid = createDustGrid()
    layDust(grid, place)
    const taken = new Float64Array(WAVELENGTHS)
    const loose = new Float64Array(WAVELENGTHS)
    divideLight(grid, new Float64Array(WAVELENGTHS).fill(1), taken, loose)
    for (let i = 0; i < WAVELENGTHS; i++) {
      let passed = 0
      let met = 0
      for (let k = 0; k < grid.latitudes; k++) {
        const share = grid.sine[k + 1] - grid.sine[k]
        const column = grid.column[RADII * MAX_LATITUDES + k]
        passed += share * Math.exp(-dust.extinction[i] * column)
        met += share * -Math.expm1(-dust.effective[i] * column)
      }
      expect(passed + taken[i] * met + loose[i]).toBeCloseTo(1, 5)
    }
    // At 2.2 micron a deep layer of this dust turns back a sixth of what falls on it (Eddington).
    const at = nearest(2.2)
    expect(taken[at]).toBeLessThan(0.9)
    expect(loose[at]).toBeGreaterThan(0.01)
  })

  it('takes another spectrum of the star', () => {
    const blue = sedWavelengthsUm.map(um => (um < 0.4 ? 1 : 0))
    const { absorbed: ofBlue } = seds.place(shell(1e-23), blue)
    const { absorbed: ofBlack } = seds.place(shell(1e-23))
    expect(ofBlue).toBeGreaterThan(2 * ofBlack)
  })

  it('refuses what cannot be', () => {
    expect(() => createYsoSed([])).toThrow(/apertures/)
    expect(() => createYsoSed([100, 10])).toThrow(/rising/)
    expect(() => createYsoSeds().see(10, createYsoSed([1]))).toThrow(/place an object/)
    expect(() => seds.place({ ...bare, starTeffK: Number.NaN })).toThrow(/temperature/)
    expect(() => seds.place(bare, new Float64Array(3))).toThrow(/200 values/)
    expect(() => seds.place(bare, new Float64Array(WAVELENGTHS))).toThrow(/no light/)
    seds.place(bare)
    expect(() => seds.see(91, createYsoSed([1]))).toThrow(/91/)
    expect(() => createYsoSpectra([0.001])).toThrow(/0.001 um/)
    const flux = new Float64Array(WAVELENGTHS)
    expect(() => spectra.fluxInto(createYsoSed([1]), 1, 10, flux, flux)).toThrow(/no aperture 1/)
    expect(() => spectra.fluxInto(createYsoSed([1]), 0, 0, flux, flux)).toThrow(/distance/)
    expect(() => spectra.fluxInto(createYsoSed([1]), 0, 1, flux.subarray(1), flux)).toThrow(/199/)
  })
})

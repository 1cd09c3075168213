import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { type ContaminantKind, contaminantFacts } from '../../../../models/simulators/contaminants/contaminantFacts.ts'
import { createContaminants } from '../../../../models/simulators/contaminants/contaminants.ts'
import { passShell } from '../../../../models/simulators/contaminants/dustShell.ts'
import {
  addBlackBody,
  energyOf,
  LONG_COUNT,
  longCentresUm,
} from '../../../../models/simulators/contaminants/emissionGrid.ts'
import { silicate } from '../../../../models/simulators/contaminants/shellOpacity.ts'
import type { Drawn } from '../../../../models/simulators/contaminants/stellarContaminants.ts'
import { passbandIndices } from '../../../../models/simulators/photosphere/passbands.ts'
import {
  allPassbands,
  createSyntheticPhotometry,
} from '../../../../models/simulators/photosphere/syntheticPhotometry.ts'
import { BIN_COUNT, binCentresUm, binEdgesUm } from '../../../../models/simulators/photosphere/wavelengths.ts'
import { contaminantKinds } from '../../../../models/simulators/recipeNames.ts'
import { cell, hasTable, readTable, whyPassedOver } from '../surveys/realTables.ts'

const contaminants = createContaminants()
const photometry = createSyntheticPhotometry()
const flux = new Float64Array(BIN_COUNT)
const bandNames = ['jMag', 'hMag', 'ksMag', 'w1Mag', 'w2Mag', 'w3Mag', 'w4Mag'] as const
const bands = passbandIndices(bandNames)

/** Energy per cm2 and s within the 300 bins, by edges of its own. */
function energyWithin(spectrum: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < BIN_COUNT; i++) sum += spectrum[i] * (binEdgesUm[i + 1] - binEdgesUm[i]) * 1e4
  return sum
}

/** Solar luminosity seen from 10 pc, erg/s/cm2. */
const sunAtTenParsec = 3.828e33 / (4 * Math.PI * (10 * 3.0856775814913e18) ** 2)

interface Draw {
  readonly numbers: Drawn
  readonly mags: readonly number[]
  /** log10 of F_nu at 8.28, 12.13, 14.65 and 21.34 um, the bands of MSX. */
  readonly logMsx: readonly number[]
}

function drawMany(kind: ContaminantKind, count: number, maxAvMag: number): Draw[] {
  const rng = createRng(5, 0xc0)
  const mags = new Float64Array(bands.length)
  return Array.from({ length: count }, (_, i) => {
    rng.seek(i)
    const { numbers } = contaminants.drawInto(kind, rng, flux)
    expect(photometry.magnitudesBehindDust(flux, maxAvMag * rng.uniform(), 3.1, 'g23', bands, mags)).toBe(true)
    const logMsx = [8.28, 12.13, 14.65, 21.34].map(um => {
      const bin = binCentresUm.findIndex(centre => centre >= um)
      return Math.log10(flux[bin] * binCentresUm[bin] ** 2)
    })
    return { numbers, mags: Array.from(mags), logMsx }
  })
}

function shareOf(draws: readonly Draw[], holds: (mag: Record<(typeof bandNames)[number], number>) => boolean): number {
  const named = draws.map(({ mags }) => Object.fromEntries(bandNames.map((name, i) => [name, mags[i]])))
  return named.filter(mag => holds(mag as Record<(typeof bandNames)[number], number>)).length / draws.length
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(share * (sorted.length - 1))]
}

test('10,000 draws of every kind in turn have light in all 29 bands, and no number that is none', () => {
  const rng = createRng(11, 0xc0)
  const mags = new Float64Array(allPassbands.length)
  for (let i = 0; i < 10_000; i++) {
    const kind = contaminantKinds[i % contaminantKinds.length]
    rng.seek(i)
    const { farInfraredShare, numbers } = contaminants.drawInto(kind, rng, flux)
    const isSound =
      flux.every(value => Number.isFinite(value) && value >= 0) &&
      farInfraredShare >= 0 &&
      farInfraredShare < 1 &&
      photometry.magnitudesBehindDust(flux, 0, 3.1, 'f19', allPassbands, mags) &&
      mags.every(Number.isFinite)
    if (!isSound) throw new Error(`${kind} ${i}: ${JSON.stringify(numbers)}`)
  }
})

test('a draw depends on its stream alone', () => {
  const again = new Float64Array(BIN_COUNT)
  for (const kind of contaminantKinds) {
    const [one, other] = [createRng(3), createRng(3)]
    one.seek(7)
    const first = contaminants.drawInto(kind, one, flux)
    contaminants.drawInto('galaxy', one, again)
    other.seek(7)
    expect(contaminants.drawInto(kind, other, again).numbers).toEqual(first.numbers)
    expect(again).toEqual(flux)
    expect(contaminants.paintInto(kind, first.numbers, again).farInfraredShare).toBe(first.farInfraredShare)
    expect(again).toEqual(flux)
  }
})

test.each([0.01, 0.3, 3, 26])('a shell of depth %d gives back what it takes', depth => {
  const light = new Float64Array(LONG_COUNT)
  addBlackBody(light, 2800, 0, 1)
  const [before, red] = [energyOf(light), light[100]]
  passShell(light, silicate, depth, 900)
  expect(energyOf(light) / before).toBeCloseTo(1, 10)
  expect(light[100]).toBeLessThan(red)
})

test.each(['agbOxygen', 'agbCarbon'] as const)(
  'the light of %s is its luminosity, within and beyond the bins',
  kind => {
    const rng = createRng(8)
    for (let i = 0; i < 300; i++) {
      rng.seek(i)
      const { numbers, farInfraredShare } = contaminants.drawInto(kind, rng, flux)
      const luminosity = energyWithin(flux) / (1 - farInfraredShare) / sunAtTenParsec
      // 2% is what the atmospheres keep of sigma Teff^4.
      expect(Math.abs(luminosity / 10 ** numbers.logLuminosityLsun - 1)).toBeLessThan(0.03)
    }
  },
)

test('a planetary nebula does not shine brighter than its star', () => {
  const rng = createRng(9)
  for (let i = 0; i < 500; i++) {
    rng.seek(i)
    const { numbers, farInfraredShare } = contaminants.drawInto('planetaryNebula', rng, flux)
    const luminosity = energyWithin(flux) / (1 - farInfraredShare) / sunAtTenParsec
    expect(luminosity).toBeLessThan(1.03 * 10 ** numbers.logLuminosityLsun)
    expect(luminosity).toBeGreaterThan(0.05 * 10 ** numbers.logLuminosityLsun)
  }
})

test('silicate stands out of thin shells and is dark in thick ones; silicon carbide stands out', () => {
  const contrast = (um: number, sideUm: readonly [number, number]) => {
    const at = (x: number) => {
      const bin = binCentresUm.findIndex(centre => centre >= x)
      return Math.log(flux[bin] * binCentresUm[bin] ** 2)
    }
    return at(um) - (at(sideUm[0]) + at(sideUm[1])) / 2
  }
  const giant = { teffK: 2800, logLuminosityLsun: 3.8, innerTemperatureK: 800 }
  contaminants.paintInto('agbOxygen', { ...giant, tau10: 0.3 }, flux)
  expect(contrast(9.7, [7.8, 13])).toBeGreaterThan(0.3)
  contaminants.paintInto('agbOxygen', { ...giant, tau10: 20 }, flux)
  expect(contrast(9.7, [7.8, 13])).toBeLessThan(-0.1)
  contaminants.paintInto('agbCarbon', { ...giant, tau11: 0.1, sicShare: 1 }, flux)
  expect(contrast(11.3, [10, 12.8])).toBeGreaterThan(0.15)
})

test('the 4000 K black body of the long grid has all its energy', () => {
  const light = new Float64Array(LONG_COUNT)
  addBlackBody(light, 4000, 0, 1)
  expect(energyOf(light) / 5.670374e-5).toBeCloseTo(1, 3)
  expect(longCentresUm[LONG_COUNT - 1]).toBeGreaterThan(2500)
})

test('brightness in W1 follows the counts of the table', () => {
  for (const kind of ['galaxy', 'agn'] as const) {
    const { place } = contaminantFacts[kind]
    if (place.law !== 'isotropic') throw new Error(`${kind} has no counts`)
    const draws = drawMany(kind, 2000, 0)
    for (const { mags, numbers } of draws) expect(mags[3] - numbers.w1Mag).toBeLessThan(1e-3 + 0.06 * 3.1)
    const brighter = draws.filter(({ numbers }) => numbers.w1Mag < place.w1Mag[1] - 1).length / draws.length
    expect(Math.abs(brighter - 10 ** -place.slope)).toBeLessThan(0.03)
  }
})

test('numbers that are missing or outside the table are refused', () => {
  const { numbers } = contaminants.drawInto('agn', createRng(1), flux)
  expect(() => contaminants.paintInto('agn', { ...numbers, redshift: 9 }, flux)).toThrow('redshift of agn is 9')
  expect(() => contaminants.paintInto('agn', { ...numbers, w1Mag: Number.NaN }, flux)).toThrow('w1Mag of agn')
  expect(() => contaminants.paintInto('beStar', {}, flux)).toThrow('teffK of beStar is undefined')
})

test('active nuclei are where Stern+ 2012 and Jarrett+ 2011 look for them', () => {
  const draws = drawMany('agn', 2000, 0)
  // Stern+ 2012, ApJ 753, 30: W1 - W2 > 0.8 finds 78% of them.
  const red = shareOf(draws, ({ w1Mag, w2Mag }) => w1Mag - w2Mag > 0.8)
  expect(red).toBeGreaterThan(0.65)
  expect(red).toBeLessThan(0.95)
  // Jarrett+ 2011, ApJ 735, 112.
  const boxed = shareOf(draws, ({ w1Mag, w2Mag, w3Mag }) => {
    const [x, y] = [w2Mag - w3Mag, w1Mag - w2Mag]
    return x > 2.2 && x < 4.2 && y < 1.7 && y > 0.1 * x + 0.38
  })
  expect(boxed).toBeGreaterThan(0.7)
  // Koenig & Leisawitz 2014, ApJ 791, 131: likely nuclei among young stars.
  const faint = shareOf(draws, ({ w1Mag, w3Mag }) => w1Mag > 1.8 * (w1Mag - w3Mag) + 4.1 && w1Mag > 13)
  expect(faint).toBeGreaterThan(0.9)
})

test('galaxies with dust are where Koenig & Leisawitz 2014 look for them, and no nuclei', () => {
  const draws = drawMany('galaxy', 1500, 0)
  const dusty = draws.filter(({ mags }) => mags[4] - mags[5] > 2.3 && mags[3] > 13)
  expect(dusty.length / draws.length).toBeGreaterThan(0.25)
  const boxed = shareOf(dusty, ({ w1Mag, w2Mag, w3Mag }) => {
    const [x, y] = [w2Mag - w3Mag, w1Mag - w2Mag]
    return y < 1 && y < 0.46 * x - 0.78
  })
  expect(boxed).toBeGreaterThan(0.8)
  expect(shareOf(draws, ({ w1Mag, w2Mag }) => w1Mag - w2Mag > 0.8)).toBeLessThan(0.05)
})

test('carbon stars are redder than J - Ks 1.4, giants with silicates than 1, Be stars bluer than both', () => {
  const [oxygen, carbon, be] = (['agbOxygen', 'agbCarbon', 'beStar'] as const).map(kind => drawMany(kind, 1000, 0))
  const redder = (draws: readonly Draw[], limit: number) => shareOf(draws, ({ jMag, ksMag }) => jMag - ksMag > limit)
  // Nikolaev & Weinberg 2000, ApJ 542, 804: carbon stars lie beyond 1.4.
  expect(redder(carbon, 1.4)).toBeGreaterThan(0.85)
  expect(redder(oxygen, 1)).toBeGreaterThan(0.95)
  // Zhang, Chen & Yang 2005, New Astronomy 10, 325: J - H below 0.6 and H - Ks below 0.6 hold nearly all Be stars.
  expect(shareOf(be, ({ jMag, hMag, ksMag }) => jMag - hMag < 0.6 && hMag - ksMag < 0.6)).toBeGreaterThan(0.95)
})

/** Median and half of the 16 to 84% range of columns of the real table and of the model, and their distances in sigma of the real one. */
const rms = 'rms_msx_labelled_dev.csv'
const comparisons = [
  { kinds: ['agbOxygen'], label: 'Evolved star', medians: [0.6, 0.6, 0.25, 0.25, 0.25] },
  { kinds: ['planetaryNebula'], label: 'PN', medians: [0.4, 0.4, 0.2, 0.2, 0.2] },
] as const

for (const { kinds, label, medians } of comparisons)
  test(`colours of ${label} beside the real ones of the Red MSX Source survey (needs ../shared/data)`, async ({
    skip,
  }) => {
    if (!hasTable(rms)) skip(whyPassedOver)
    const rows = (await readTable(rms)).filter(row => String(row['Source Type']).trim() === label)
    const columns = ['J Mag.', 'H Mag.', 'K Mag.', 'Flux 8 (Jy)', 'Flux 12 (Jy)', 'Flux 14 (Jy)', 'Flux 21 (Jy)']
    const real = rows.map(row => columns.map(column => cell(row, column)))
    // The survey took sources near the plane with F21 > 2 F8 and F21 > F14 (Lumsden+ 2002, MNRAS 336, 621).
    const model = kinds
      .flatMap(kind => drawMany(kind, 3000, 10))
      .filter(({ logMsx }) => logMsx[3] > logMsx[0] + Math.log10(2) && logMsx[3] > logMsx[2])
    const realColour = (a: number, b: number, isFlux: boolean) =>
      real.flatMap(row => {
        const [x, y] = [row[a], row[b]]
        if (x === null || y === null || (isFlux && !(x > 0 && y > 0))) return []
        return [isFlux ? Math.log10(y / x) : x - y]
      })
    const pairs = [
      ['J - H', realColour(0, 1, false), model.map(({ mags }) => mags[0] - mags[1])],
      ['H - Ks', realColour(1, 2, false), model.map(({ mags }) => mags[1] - mags[2])],
      ['log F12/F8', realColour(3, 4, true), model.map(({ logMsx }) => logMsx[1] - logMsx[0])],
      ['log F14/F12', realColour(4, 5, true), model.map(({ logMsx }) => logMsx[2] - logMsx[1])],
      ['log F21/F14', realColour(5, 6, true), model.map(({ logMsx }) => logMsx[3] - logMsx[2])],
    ] as const
    for (const [k, [name, truth, drawn]] of pairs.entries()) {
      const spread = (values: readonly number[]) => (quantile(values, 0.84) - quantile(values, 0.16)) / 2
      const told = [quantile(truth, 0.5), spread(truth), quantile(drawn, 0.5), spread(drawn)].map(x => x.toFixed(2))
      console.error(`birthline: ${label} ${name}: real ${told[0]} +- ${told[1]}, model ${told[2]} +- ${told[3]}`)
      expect(Math.abs(quantile(drawn, 0.5) - quantile(truth, 0.5)), name).toBeLessThan(medians[k])
      expect(spread(drawn) / spread(truth), name).toBeGreaterThan(0.33)
      expect(spread(drawn) / spread(truth), name).toBeLessThan(3)
    }
  })

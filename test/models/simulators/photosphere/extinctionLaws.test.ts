import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { extinctionLaw, extinctionLawNames } from '../../../../models/simulators/photosphere/extinctionLaws.ts'
import { binCentresUm } from '../../../../models/simulators/photosphere/wavelengths.ts'
import { packageFile } from '../../../../schemas/index.ts'

interface GoldenCurve {
  readonly law: string
  readonly rv: number
  readonly wavelengthUm: readonly number[]
  readonly ratio: readonly number[]
}
const golden = JSON.parse(
  readFileSync(packageFile('test', 'golden', 'photosphere', 'extinctionGolden.json'), 'utf8'),
) as { readonly curves: readonly GoldenCurve[] }

test.each(golden.curves.map((curve, i) => [curve.law, curve.rv, i] as const))(
  '%s at R_V %d agrees with dust_extinction to 0.1%% over its whole range, curve %d',
  (name, rv, index) => {
    const law = extinctionLaw(name)
    const curve = golden.curves[index]
    curve.wavelengthUm.forEach((um, i) => {
      expect(Math.abs(law.ratio(um, rv) / curve.ratio[i] - 1), `${um} um`).toBeLessThan(1e-3)
    })
  },
)

test('every law is in the golden file, at the ends of its range of R_V and between', () => {
  for (const name of extinctionLawNames) {
    const rvs = golden.curves.filter(curve => curve.law === name).map(curve => curve.rv)
    expect(rvs.length).toBeGreaterThanOrEqual(5)
    expect([Math.min(...rvs), Math.max(...rvs)]).toEqual(extinctionLaw(name).rvRange)
  }
})

const reference = join(packageFile('..'), 'shared', 'data', 'extinction', 'extinction_curves.csv')
test('the reference curves beside the project, where they are, are met to 0.1%', ({ skip }) => {
  if (!existsSync(reference)) skip('needs shared/data beside the project')
  const names = new Map([
    ['CCM89', 'ccm89'],
    ['O94', 'o94'],
    ['F99', 'f99'],
    ['F19', 'f19'],
    ['G23', 'g23'],
  ])
  let compared = 0
  for (const line of readFileSync(reference, 'utf8').trim().split('\n').slice(1)) {
    const [law, rv, um, ratio] = line.split(',')
    const name = names.get(law)
    if (name === undefined) continue
    const ours = extinctionLaw(name).ratio(Number(um), Number(rv))
    // The file keeps six decimals.
    expect(Math.abs(ours - Number(ratio)), line).toBeLessThan(1e-3 * Number(ratio) + 1e-6)
    compared++
  }
  expect(compared).toBeGreaterThan(3000)
})

test.each(extinctionLawNames)(
  '%s is 1 at V, positive in every bin and never steeper than the ultraviolet lets it',
  name => {
    const law = extinctionLaw(name)
    const out = new Float64Array(300)
    for (const rv of [law.rvRange[0], 3.1, law.rvRange[1]]) {
      expect(Math.abs(law.ratio(0.55, rv) - 1)).toBeLessThan(0.04)
      expect(law.binRatiosInto(rv, out)).toBe(true)
      expect(out.every(k => k > 0 && k < 25)).toBe(true)
      for (let i = 0; i < 300; i += 7) expect(out[i]).toBeCloseTo(law.ratio(binCentresUm[i], rv), 10)
    }
  },
)

test.each(extinctionLawNames)('%s goes on beyond its range without a step', name => {
  const law = extinctionLaw(name)
  for (const end of law.rangeUm) {
    if (end < 0.101 || end > 31) continue
    expect(law.ratio(end * 1.000001, 3.1)).toBeCloseTo(law.ratio(end * 0.999999, 3.1), 4)
  }
})

test('silicates show at 9.8 um in the law that has them', () => {
  const g23 = extinctionLaw('g23')
  expect(g23.ratio(9.8, 3.1)).toBeGreaterThan(2 * g23.ratio(7.5, 3.1))
  const ccm89 = extinctionLaw('ccm89')
  expect(ccm89.ratio(9.8, 3.1)).toBeLessThan(ccm89.ratio(7.5, 3.1))
})

test('an R_V, a wavelength or a name that no law knows is refused', () => {
  const out = new Float64Array(300).fill(-1)
  for (const name of extinctionLawNames) {
    const law = extinctionLaw(name)
    for (const rv of [law.rvRange[0] - 0.01, law.rvRange[1] + 0.01, Number.NaN]) {
      expect(() => law.ratio(0.55, rv)).toThrow(RangeError)
      expect(law.binRatiosInto(rv, out)).toBe(false)
    }
    for (const um of [0.0911, 33, Number.NaN]) expect(() => law.ratio(um, 3.1)).toThrow(RangeError)
  }
  expect(out.every(k => k === -1)).toBe(true)
  expect(() => extinctionLaw('ccm98')).toThrow('there is no extinction law ccm98; the laws are ccm89')
})

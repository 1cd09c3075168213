import { expect, test } from 'vitest'
import { airToVacuum, vacuumToAir } from '../../../../models/simulators/spectra/airWavelengths.ts'

test('lines have the wavelengths in air and vacuum that SDSS lists for them', () => {
  // sdss.org, "Spectral lines" of DR7: air and vacuum, Angstrom.
  const listed = [
    [3726.032, 3727.092],
    [4101.734, 4102.892],
    [4861.325, 4862.683],
    [4958.911, 4960.295],
    [5006.843, 5008.24],
    [6548.05, 6549.86],
    [6562.801, 6564.614],
    [6583.45, 6585.27],
    [6716.44, 6718.29],
  ]
  for (const [air, vacuum] of listed) expect(Math.abs(airToVacuum(air) - vacuum)).toBeLessThan(0.006)
})

test('the index of refraction is that of another formula within 2e-8, and the way back is exact', () => {
  for (let vacuum = 3500; vacuum < 10_500; vacuum += 250) {
    // Morton 2000, ApJS 130, 403, after Edlen 1953 and Birch & Downs 1994.
    const s2 = (1e4 / vacuum) ** 2
    const morton = 1 + 8.34254e-5 + 2.406147e-2 / (130 - s2) + 1.5998e-4 / (38.9 - s2)
    expect(Math.abs(vacuum / vacuumToAir(vacuum) - morton)).toBeLessThan(2e-8)
    expect(Math.abs(airToVacuum(vacuumToAir(vacuum)) / vacuum - 1)).toBeLessThan(1e-12)
  }
})

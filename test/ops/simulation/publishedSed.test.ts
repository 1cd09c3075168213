import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPublishedSed } from '../../../ops/simulation/publishedSed.ts'
import { packageFile } from '../../../schemas/index.ts'

const read = (name: string, apertureAu = 1000) =>
  readPublishedSed(
    packageFile(join('test', 'golden', 'seds', `${name}.fits.gz`)),
    apertureAu,
    AbortSignal.timeout(60_000),
  )

test('a spectrum in shares of its star, rising in wavelength, in the nearest aperture', async () => {
  for (const [asked, apertureAu, share] of [
    [150, 100, 0.1],
    [400, 1000, 0.2],
    [1e6, 10_000, 0.3],
  ]) {
    const sed = await read('flat_1_sed', asked)
    expect(sed.apertureAu).toBe(apertureAu)
    expect(sed.wavelengthsUm.map(um => Number(um.toFixed(4)))).toEqual([0.1, 1, 10, 100, 1000])
    // A star that sends alike in every logarithm of wavelength, over four decades.
    const level = Math.log10(share / Math.log(1e4))
    sed.sharesDex.slice(0, 4).forEach(dex => {
      expect(dex).toBeCloseTo(level, 5)
    })
    expect(sed.sharesDex[4]).toBeNull()
  }
})

test('in mJy the same', async () => {
  const [mJy, power] = [await read('milliJansky'), await read('flat_1_sed')]
  mJy.sharesDex.forEach((dex, k) => {
    const same = power.sharesDex[k]
    if (same === null) expect(dex).toBeNull()
    else expect(dex).toBeCloseTo(same, 5)
  })
})

for (const [name, sentence] of [
  ['watts', 'is in the unit "W", neither mJy nor erg/cm2/s'],
  ['mixed', 'has the star in "ergs/cm^2/s" and the whole in "mJy"'],
  ['dark', 'has a star without light'],
  ['hole', 'has a wavelength or a flux that is no number'],
  ['starless', 'has no column STELLAR_FLUX in WAVELENGTHS'],
  ['absent', 'does not exist'],
] as const) {
  test(`refused in one sentence: ${name}`, async () => {
    const error: unknown = await read(name).catch(reason => reason)
    expect(error).toMatchObject({ code: 'FILE_UNREADABLE' })
    expect(String(error)).toContain(sentence)
  })
}

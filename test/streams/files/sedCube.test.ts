import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { openSedCube, type SedCube } from '../../../streams/files/sedCube.ts'

const golden = (set: string) => fileURLToPath(new URL(`../../golden/cubes/${set}`, import.meta.url))
const scratch: string[] = []
afterEach(() => {
  for (const folder of scratch.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function copyOf(set: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
  scratch.push(folder)
  cpSync(golden(set), folder, { recursive: true })
  return folder
}

async function withCube<A>(folder: string, use: (cube: SedCube) => Promise<A>): Promise<A> {
  const cube = await openSedCube(folder)
  try {
    return await use(cube)
  } finally {
    await cube.close()
  }
}

/** Changes a card of flux.fits, as long as before. */
function edit(folder: string, from: string, to: string): void {
  const path = join(folder, 'flux.fits')
  const text = readFileSync(path, 'latin1')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to.padEnd(from.length)), 'latin1')
}

test.each([
  ['sp--s-i', 4, [3, 2], 420],
  ['s-ubhmi', 2, [1, 0], 210],
] as const)(
  'every spectrum of %s lies where it should, ascending in wavelength',
  async (set, count, [model, aperture], value) => {
    await withCube(golden(set), async cube => {
      expect(cube.modelCount).toBe(count)
      expect([...cube.aperturesAu]).toEqual([100, 1e4, 1e6])
      expect(cube.wavelengthsUm).toHaveLength(12)
      expect(cube.wavelengthsUm[0]).toBeCloseTo(0.01, 9)
      expect(cube.wavelengthsUm[11]).toBeCloseTo(5000, 6)
      expect(cube.distanceCm / 3.0856775814671913e21).toBeCloseTo(1, 12)
      const flux = new Float64Array(12)
      expect(await cube.fluxInto(model, aperture, flux)).toBe(true)
      // In the file the longest wavelength comes first.
      const first = value + 10 * (aperture === 2 ? 1 : 0)
      expect([...flux]).toEqual(Array.from({ length: 12 }, (_, i) => first + 0.25 * (11 - i)))
    })
  },
)

test('a model that is not valid and a spectrum with a hole are none', async () => {
  await withCube(golden('sp--s-i'), async cube => {
    const flux = new Float64Array(12)
    expect(await cube.fluxInto(2, 1, flux)).toBe(false)
    expect(await cube.fluxInto(0, 0, flux)).toBe(false)
    expect(await cube.fluxInto(0, 1, flux)).toBe(true)
  })
})

test.each(['plain', 'gzip'])('a spectrum is had at once, as it is when waited for (%s)', async how => {
  const folder = copyOf('sp--s-i')
  if (how === 'gzip') writeFileSync(join(folder, 'flux.fits'), gzipSync(readFileSync(join(folder, 'flux.fits'))))
  await withCube(folder, async cube => {
    const [awaited, now] = [new Float64Array(12), new Float64Array(12)]
    for (let model = 0; model < 4; model++)
      for (let aperture = 0; aperture < 3; aperture++) {
        expect(cube.fluxNow(model, aperture, now)).toBe(await cube.fluxInto(model, aperture, awaited))
        expect([...now]).toEqual([...awaited])
      }
    expect(() => cube.fluxNow(4, 0, now)).toThrow('no model 4 of 4')
  })
})

test('all parameters come column by column, and their models must be those of the fluxes', async () => {
  await withCube(golden('sp--s-i'), async cube => {
    const columns = await cube.parameterColumns()
    expect([...(columns.get('star.temperature') ?? [])]).toEqual([5734, 21220, 4000, 3000])
    expect(columns.get('inclination')).toHaveLength(4)
    expect(columns.has('MODEL_NAME')).toBe(false)
  })
  const folder = copyOf('sp--s-i')
  const path = join(folder, 'parameters.fits')
  writeFileSync(path, readFileSync(path, 'latin1').replace('made_01', 'made_07'), 'latin1')
  await withCube(folder, async cube => {
    await expect(cube.parameterColumns()).rejects.toThrow('has model made_07 in row 3, flux.fits made_01')
  })
})

test('models are known by number and by name', async () => {
  await withCube(golden('sp--s-i'), async cube => {
    expect(await cube.find('00p13Elr_01')).toBe(1)
    const row = await cube.parameters(1)
    expect([row.MODEL_NAME, row['star.temperature'], row['disk.h100']]).toEqual(['00p13Elr_01', 21220, 1.22])
    expect((await cube.parameters(0))['disk.mass']).toBe(1.293e-7)
    await expect(cube.find('none_01')).rejects.toThrow(/flux\.fits has no model 'none_01'; its names are in the column/)
    const flux = new Float64Array(12)
    await expect(cube.fluxInto(4, 0, flux)).rejects.toThrow(RangeError)
    await expect(cube.fluxInto(0, 3, flux)).rejects.toThrow(/no aperture 3 of 3/)
    await expect(cube.fluxInto(0, 0, new Float64Array(5))).rejects.toThrow(/room for 5/)
    await expect(cube.parameters(-1)).rejects.toThrow(/no model -1 of 4/)
  })
})

const opened = (folder: string) => openSedCube(folder).then(cube => cube.close())

test('a missing, a truncated and a foreign file are told in a sentence', async () => {
  await expect(opened(join(golden('sp--s-i'), 'nowhere'))).rejects.toThrow(
    /flux\.fits does not exist; check the path\.$/,
  )
  const alone = copyOf('sp--s-i')
  rmSync(join(alone, 'parameters.fits'))
  await expect(opened(alone)).rejects.toThrow(/parameters\.fits does not exist; check the path\.$/)
  const short = copyOf('sp--s-i')
  truncateSync(join(short, 'flux.fits'), 22_000)
  await expect(opened(short)).rejects.toThrow(/flux\.fits .*(cut short|has no extension VALUES)/)
  const foreign = copyOf('sp--s-i')
  writeFileSync(join(foreign, 'flux.fits'), 'not a cube\n')
  await expect(opened(foreign)).rejects.toThrow(/is no FITS file; name the folder/)
})

test('every cut of the cube is told', async () => {
  const folder = copyOf('s-ubhmi')
  const path = join(folder, 'flux.fits')
  const whole = readFileSync(path)
  // Behind the header of the values come their block, and header and block of the uncertainties, which nobody reads.
  for (let size = 2880; size <= whole.length - 3 * 2880; size += 1440) {
    writeFileSync(path, whole.subarray(0, size))
    await expect(opened(folder), `${size} bytes`).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  }
})

test('a cube of another shape, unit or company is told', async () => {
  const shaped = copyOf('sp--s-i')
  const naxis3 = 'NAXIS3  =                    4'
  edit(shaped, naxis3, 'NAXIS3  =                    3')
  await expect(opened(shaped)).rejects.toThrow(
    /a cube of 3 x 3 x 12 values for 4 models, 3 apertures and 12 wavelengths/,
  )
  const united = copyOf('sp--s-i')
  edit(united, "BUNIT   = 'mJy     '", "BUNIT   = 'Jy      '")
  await expect(opened(united)).rejects.toThrow(/fluxes in 'Jy', not in mJy/)
  const mixed = copyOf('sp--s-i')
  cpSync(join(golden('s-ubhmi'), 'parameters.fits'), join(mixed, 'parameters.fits'))
  await expect(opened(mixed)).rejects.toThrow(/parameters\.fits has 2 models, flux\.fits 4; fetch both again/)
  const renamed = copyOf('sp--s-i')
  edit(renamed, '00p13Elr_01', 'another_one')
  await withCube(renamed, async cube => {
    await expect(cube.parameters(1)).rejects.toThrow(/has model 00p13Elr_01 in row 2, flux\.fits another_one/)
  })
})

// What surveys call the bits of their pixel masks.
import type { MaskBit } from '../../schemas/index.ts'

const bitsOf = (names: readonly string[]): readonly MaskBit[] =>
  names.flatMap((name, bit) => (name === '' ? [] : [{ bit, name }]))

/**
 * SDSS and BOSS. Bits 0 to 15 are of the whole fibre, 16 on of the pixel.
 * Source: sdssMaskbits.par of idlutils; sdss3.org/dr10/algorithms/bitmask_sppixmask.php.
 */
export const sppixmaskBits = bitsOf([
  ...['NOPLUG', 'BADTRACE', 'BADFLAT', 'BADARC', 'MANYBADCOLUMNS', 'MANYREJECTED', 'LARGESHIFT', 'BADSKYFIBER'],
  ...['NEARWHOPPER', 'WHOPPER', 'SMEARIMAGE', 'SMEARHIGHSN', 'SMEARMEDSN', '', '', ''],
  ...['NEARBADPIXEL', 'LOWFLAT', 'FULLREJECT', 'PARTIALREJECT', 'SCATTEREDLIGHT', 'CROSSTALK', 'NOSKY', 'BRIGHTSKY'],
  ...['NODATA', 'COMBINEREJ', 'BADFLUXFACTOR', 'BADSKYCHI', 'REDMONSTER'],
])

/** DESI. Source: specmask of desispec, py/desispec/maskbits.py. */
export const specmaskBits = bitsOf([
  ...['SOMEBADPIX', 'ALLBADPIX', 'COSMIC', 'LOWFLAT', 'BADFIBERFLAT', 'BRIGHTSKY', 'BADSKY', 'BAD2DFIT', 'NODATA'],
  'BADFIBER',
])

/** APOGEE, visits and sums of them. Source: APOGEE_PIXMASK of DR12, sdss3.org/dr10/algorithms/bitmask_apogee_pixmask.php. */
export const apogeePixmaskBits = bitsOf([
  ...['BADPIX', 'CRPIX', 'SATPIX', 'UNFIXABLE', 'BADDARK', 'BADFLAT', 'BADERR', 'NOSKY'],
  ...['LITTROW_GHOST', 'PERSIST_HIGH', 'PERSIST_MED', 'PERSIST_LOW', 'SIG_SKYLINE', 'SIG_TELLURIC', 'NOT_ENOUGH_PSF'],
])

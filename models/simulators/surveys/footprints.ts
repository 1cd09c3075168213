// Where surveys looked: footprints simplified to what a simulation needs, and Gaia's scanning law in a table.

/** The 3 pi survey lies north of this (Chambers+ 2016). */
export const panStarrsMinDecDeg = -30

/** Imaging of SDSS, 14,555 square degrees (Aihara+ 2011, ApJS 193, 29), as two boxes without the Galactic plane. */
export const legacyImaging = [
  { minRaDeg: 108, maxRaDeg: 268, minDecDeg: -4, maxDecDeg: 70, minAbsBDeg: 21 },
  { minRaDeg: 310, maxRaDeg: 58, minDecDeg: -11, maxDecDeg: 36, minAbsBDeg: 20 },
] as const

/**
 * Clouds that Spitzer mapped with IRAC and MIPS: circles of the mapped area about its centre (Evans+ 2009; Dunham+ 2015, ApJS 220, 11;
 * Orion: Megeath+ 2012, AJ 144, 192; Taurus: Rebull+ 2010, ApJS 186, 259; NGC 2264, IC 348, IC 5146: Gutermuth+ 2009, ApJS 184, 18).
 */
// biome-ignore format: one cloud a line reads as the table it is
export const cloudMaps = [
  { name: 'Taurus', raDeg: 67.5, decDeg: 26.5, radiusDeg: 3.7 },
  { name: 'Perseus west', raDeg: 52.3, decDeg: 31.1, radiusDeg: 0.8 },
  { name: 'Perseus east', raDeg: 56, decDeg: 32.1, radiusDeg: 0.7 },
  { name: 'Auriga', raDeg: 67.7, decDeg: 36.5, radiusDeg: 0.9 },
  { name: 'Orion A', raDeg: 84.3, decDeg: -6.6, radiusDeg: 1.5 },
  { name: 'Orion B', raDeg: 86, decDeg: 0.2, radiusDeg: 1.2 },
  { name: 'NGC 2264', raDeg: 100.2, decDeg: 9.6, radiusDeg: 0.5 },
  { name: 'Chamaeleon I', raDeg: 167, decDeg: -77, radiusDeg: 0.6 },
  { name: 'Chamaeleon II', raDeg: 195, decDeg: -77.4, radiusDeg: 0.6 },
  { name: 'Musca', raDeg: 186.5, decDeg: -71.5, radiusDeg: 0.7 },
  { name: 'Lupus I', raDeg: 235.7, decDeg: -34.2, radiusDeg: 0.7 },
  { name: 'Lupus III', raDeg: 242.5, decDeg: -39, radiusDeg: 0.7 },
  { name: 'Ophiuchus', raDeg: 246.8, decDeg: -24.3, radiusDeg: 1.5 },
  { name: 'Serpens', raDeg: 277.4, decDeg: 0.7, radiusDeg: 0.5 },
  { name: 'Aquila', raDeg: 277.5, decDeg: -2.2, radiusDeg: 1.6 },
  { name: 'Corona Australis', raDeg: 286, decDeg: -37, radiusDeg: 0.6 },
  { name: 'IC 5146', raDeg: 327.2, decDeg: 47.4, radiusDeg: 0.6 },
  { name: 'Cepheus', raDeg: 315.5, decDeg: 68.2, radiusDeg: 0.6 },
] as const

/**
 * Errors of parallax and of motion in right ascension and declination over the sky-averaged parallax error, in twenty equal steps of
 * |sin(ecliptic latitude)|, and their means over the sky (Gaia Collaboration, Prusti+ 2016, A&A 595, A1, table 1).
 * The motion of the 13th row is printed there as 0.541, between 0.500 and 0.381: read as 0.441.
 */
export const deBruijne = {
  mean: [1, 0.556, 0.496],
  rows: [
    [1.18, 0.725, 0.542],
    [1.18, 0.722, 0.542],
    [1.169, 0.71, 0.537],
    [1.167, 0.703, 0.539],
    [1.158, 0.689, 0.538],
    [1.143, 0.673, 0.533],
    [1.136, 0.662, 0.533],
    [1.119, 0.64, 0.525],
    [1.098, 0.614, 0.515],
    [1.072, 0.584, 0.506],
    [1.043, 0.548, 0.493],
    [1.009, 0.5, 0.477],
    [0.97, 0.441, 0.461],
    [0.922, 0.381, 0.437],
    [0.85, 0.327, 0.423],
    [0.808, 0.386, 0.443],
    [0.779, 0.422, 0.456],
    [0.755, 0.447, 0.467],
    [0.731, 0.466, 0.473],
    [0.713, 0.481, 0.49],
  ],
} as const

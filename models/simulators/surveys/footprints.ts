// Where surveys looked: footprints simplified to what a simulation needs, and Gaia's scanning law in a table.

/** The 3 pi survey lies north of this (Chambers+ 2016). */
export const panStarrsMinDecDeg = -30

/** Imaging of SDSS, 14,555 square degrees (Aihara+ 2011, ApJS 193, 29), as two boxes without the Galactic plane. */
export const legacyImaging = [
  { minRaDeg: 108, maxRaDeg: 268, minDecDeg: -4, maxDecDeg: 70, minAbsBDeg: 21 },
  { minRaDeg: 310, maxRaDeg: 58, minDecDeg: -11, maxDecDeg: 36, minAbsBDeg: 20 },
] as const

/**
 * Clouds that Spitzer mapped with IRAC and MIPS, as circles. Which clouds, and their areas, are those of the papers: Taurus 44 square degrees
 * (Rebull+ 2010, ApJS 186, 259), Orion 9 with NGC 2024, NGC 2068 and L1622 (Megeath+ 2012, AJ 144, 192), Perseus, Ophiuchus, Lupus, Serpens,
 * Chamaeleon II (Evans+ 2009), the Cepheus flare 2 (Kirk+ 2009, ApJS 185, 198), the other clouds of the Gould Belt (Dunham+ 2015, ApJS 220, 11),
 * NGC 2264 (Gutermuth+ 2009, ApJS 184, 18). The circles are a choice: they lie about the young stars that were found in the maps.
 */
// biome-ignore format: one circle a line reads as the table it is
export const cloudMaps = [
  { name: 'Taurus, L1495', raDeg: 64.4, decDeg: 27.9, radiusDeg: 2.1 },
  { name: 'Taurus, B18', raDeg: 68.1, decDeg: 25.6, radiusDeg: 2.5 },
  { name: 'Taurus, Heiles 2', raDeg: 70.5, decDeg: 25.8, radiusDeg: 1.4 },
  { name: 'Taurus, L1536', raDeg: 68.6, decDeg: 22.9, radiusDeg: 1.4 },
  { name: 'Taurus, L1551', raDeg: 68, decDeg: 18.1, radiusDeg: 0.7 },
  { name: 'Taurus, L1517', raDeg: 73.9, decDeg: 30.4, radiusDeg: 0.6 },
  { name: 'Perseus west', raDeg: 52.3, decDeg: 31.1, radiusDeg: 0.8 },
  { name: 'Perseus east', raDeg: 56, decDeg: 32.1, radiusDeg: 0.7 },
  { name: 'Auriga', raDeg: 67.6, decDeg: 35.7, radiusDeg: 0.9 },
  { name: 'Orion Nebula', raDeg: 83.8, decDeg: -5.4, radiusDeg: 0.9 },
  { name: 'L1641 north', raDeg: 84.3, decDeg: -6.7, radiusDeg: 0.8 },
  { name: 'L1641 south', raDeg: 85.4, decDeg: -8.2, radiusDeg: 0.9 },
  { name: 'NGC 2024', raDeg: 85.4, decDeg: -2, radiusDeg: 0.7 },
  { name: 'NGC 2068', raDeg: 86.7, decDeg: 0.2, radiusDeg: 0.6 },
  { name: 'L1622', raDeg: 88.6, decDeg: 1.8, radiusDeg: 0.3 },
  { name: 'NGC 2264', raDeg: 100.2, decDeg: 9.7, radiusDeg: 0.5 },
  { name: 'Chamaeleon I north', raDeg: 167.3, decDeg: -76.5, radiusDeg: 0.5 },
  { name: 'Chamaeleon I south', raDeg: 166.5, decDeg: -77.5, radiusDeg: 0.6 },
  { name: 'Chamaeleon II', raDeg: 195, decDeg: -77.4, radiusDeg: 0.6 },
  { name: 'Musca', raDeg: 186.5, decDeg: -71.5, radiusDeg: 0.7 },
  { name: 'Lupus I', raDeg: 235.7, decDeg: -34.2, radiusDeg: 0.7 },
  { name: 'Lupus III', raDeg: 242.5, decDeg: -39, radiusDeg: 0.7 },
  { name: 'Lupus IV', raDeg: 240.3, decDeg: -41.9, radiusDeg: 0.35 },
  { name: 'Ophiuchus', raDeg: 246.8, decDeg: -24.5, radiusDeg: 1.25 },
  { name: 'Ophiuchus north-west', raDeg: 245.6, decDeg: -23.5, radiusDeg: 0.75 },
  { name: 'Ophiuchus east', raDeg: 248.2, decDeg: -24.6, radiusDeg: 0.5 },
  { name: 'Serpens', raDeg: 277.37, decDeg: 0.82, radiusDeg: 0.52 },
  { name: 'Aquila', raDeg: 277.5, decDeg: -2.2, radiusDeg: 1.6 },
  { name: 'Corona Australis', raDeg: 286, decDeg: -37, radiusDeg: 0.6 },
  { name: 'IC 5146', raDeg: 328.4, decDeg: 47.3, radiusDeg: 0.35 },
  { name: 'IC 5146 west', raDeg: 326.8, decDeg: 47.6, radiusDeg: 0.45 },
  { name: 'L1174', raDeg: 315.5, decDeg: 68.2, radiusDeg: 0.6 },
  { name: 'L1228', raDeg: 314.4, decDeg: 77.6, radiusDeg: 0.35 },
  { name: 'L1251', raDeg: 339, decDeg: 75.2, radiusDeg: 0.35 },
] as const

/**
 * Errors of parallax and of motion in right ascension and declination over the sky-averaged parallax error, in twenty equal steps of
 * |sin(ecliptic latitude)|, and their means over the sky (Gaia Collaboration, Prusti+ 2016, A&A 595, A1, table 1).
 * The motion of the 13th row is printed there as 0.541, between 0.500 and 0.381; ESA's own table, as PyGaia has it, holds 0.451.
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
    [0.97, 0.451, 0.461],
    [0.922, 0.381, 0.437],
    [0.85, 0.327, 0.423],
    [0.808, 0.386, 0.443],
    [0.779, 0.422, 0.456],
    [0.755, 0.447, 0.467],
    [0.731, 0.466, 0.473],
    [0.713, 0.481, 0.49],
  ],
} as const

// Young clusters and star-forming regions farther than the associations, as data.

/** A row: name; centre (ICRS) and half-number radius, degrees; distance, pc; proper motion, mas/yr; radial velocity, km/s; age, Myr;
 * A_V and its spread, mag; members. */
type Row = readonly [string, number, number, number, number, number, number, number, number, number, number, number]

export interface YoungRegion {
  readonly name: string
  readonly raDeg: number
  readonly decDeg: number
  /** Half of the members lie within. */
  readonly halfRadiusDeg: number
  readonly distancePc: number
  readonly pmRaCosDecMasPerYr: number
  readonly pmDecMasPerYr: number
  readonly radialVelocityKmS: number
  readonly ageMyr: number
  /** Median extinction of members, and how much it differs among them. */
  readonly avMag: number
  readonly avSpreadMag: number
  readonly members: number
}

/**
 * Hunt & Reffert 2023, A&A 673, A114: medians of their table, from Gaia DR3; radial velocities are of few stars. The Orion Nebula Cluster, which their
 * search does not part from its neighbours: place and motion from Kuhn+ 2019, ApJ 870, 32, velocity from Kounkel+ 2018, AJ 156, 84, age
 * from Da Rio+ 2010, ApJ 722, 1092, extinction from Hillenbrand 1997, AJ 113, 1733 (median 0.9, 84 per cent below 3.2).
 */
const rows: readonly Row[] = [
  ['Orion Nebula Cluster', 83.82, -5.39, 0.15, 403, 1.51, 0.5, 27, 2.5, 0.9, 3.2, 1576],
  ['Chamaeleon I', 167.117, -77.4995, 0.576, 188.7, -22.56, 0.4376, 15.6, 5.66, 2.16, 2.27, 192],
  ['IC 348', 56.1373, 32.1771, 0.169, 313, 4.423, -6.343, 11.7, 6, 2.54, 2.48, 302],
  ['NGC 1333', 52.3282, 31.3581, 0.0964, 290.3, 6.836, -9.711, 21, 5.31, 2.58, 1.38, 31],
  ['sigma Orionis', 84.7099, -2.60976, 0.127, 396.1, 1.48, -0.6097, 25, 3.73, 0.902, 2.25, 181],
  ['lambda Orionis', 83.8142, 9.88806, 0.964, 393.8, 1.215, -2.047, 20.9, 5.24, 0.416, 1.75, 1247],
  ['25 Orionis', 81.0834, 1.69561, 0.319, 342.1, 1.384, -0.01619, 11.6, 8.18, 0.177, 0.594, 171],
  ['NGC 1980', 83.8006, -5.92125, 0.319, 378.3, 1.265, 0.4723, 23.2, 6.93, 0.51, 1.91, 364],
  ['NGC 2068', 86.6587, 0.13845, 0.183, 404.2, -0.4439, -0.7385, 5.86, 5.87, 2.59, 2.65, 102],
  ['Serpens', 277.478, 1.07627, 0.405, 434.5, 3.271, -8.668, 14.7, 4.11, 2.31, 2.23, 190],
  ['IC 5146', 328.381, 47.2615, 0.0538, 749.3, -2.929, -2.672, -4.49, 5.62, 1.99, 2.54, 146],
  ['NGC 2264', 100.227, 9.87544, 0.12, 700.4, -1.617, -3.645, 21.1, 4.95, 0.647, 1.9, 224],
  ['IC 1396', 324.753, 57.4939, 0.212, 905.7, -2.336, -4.573, -11.7, 3.57, 1.7, 2.59, 693],
  ['NGC 2362', 109.672, -24.952, 0.0693, 1228, -2.763, 2.974, 42.2, 6.95, 0.384, 1.35, 239],
  ['NGC 6530', 271.102, -24.3705, 0.0787, 1230, 1.333, -2.058, 5.96, 3.91, 1.48, 2.36, 680],
  ['NGC 2244', 97.9853, 4.92671, 0.104, 1415, -1.737, 0.2527, 31.9, 4.11, 1.63, 2.43, 360],
  ['NGC 6231', 253.571, -41.8364, 0.0811, 1553, -0.5758, -2.184, -30.8, 4.37, 1.53, 1.69, 646],
  ['NGC 6611', 274.675, -13.7896, 0.073, 1698, 0.2279, -1.608, 20.1, 6.28, 2.51, 2.92, 504],
  ['IC 1805', 38.1939, 61.47, 0.137, 2020, -0.7162, -0.5908, -9.64, 3.84, 2.4, 2.46, 258],
  ['chi Persei', 35.5193, 57.1409, 0.0587, 2293, -0.6139, -1.142, -43.9, 18.1, 1.58, 0.818, 287],
  ['Trumpler 16', 161.265, -59.697, 0.0622, 2297, -6.908, 2.606, -2.88, 6.22, 1.67, 2.3, 247],
]

export const youngRegions: readonly YoungRegion[] = rows.map(row => ({
  name: row[0],
  raDeg: row[1],
  decDeg: row[2],
  halfRadiusDeg: row[3],
  distancePc: row[4],
  pmRaCosDecMasPerYr: row[5],
  pmDecMasPerYr: row[6],
  radialVelocityKmS: row[7],
  ageMyr: row[8],
  avMag: row[9],
  avSpreadMag: row[10],
  members: row[11],
}))

// Regions of the HR diagram, by what the posterior says of the star: chosen by the data alone, ranks stay uniform in each.
import type { StarPosterior } from '../../models/index.ts'

export interface DiagramRegion {
  readonly name: string
  /** @param teffK median; @param loggDex median */
  holds(teffK: number, loggDex: number): boolean
}

/** Every star is in one. */
export const diagramRegions: readonly DiagramRegion[] = [
  { name: 'giants: log g below 3.5', holds: (_, loggDex) => loggDex < 3.5 },
  { name: 'hot: above 7000 K', holds: (teffK, loggDex) => loggDex >= 3.5 && teffK >= 7000 },
  { name: 'sunlike: 5000 to 7000 K', holds: (teffK, loggDex) => loggDex >= 3.5 && teffK >= 5000 && teffK < 7000 },
  { name: 'cool and raised: below 5000 K, log g below 4.4', holds: (teffK, g) => g >= 3.5 && g < 4.4 && teffK < 5000 },
  { name: 'cool dwarfs: below 5000 K, log g from 4.4', holds: (teffK, loggDex) => loggDex >= 4.4 && teffK < 5000 },
]

/** The place among `diagramRegions`. */
export function regionOf({ sampleNames, samples }: StarPosterior): number {
  const count = samples.length / sampleNames.length
  const medianOf = (name: string) => {
    const column = sampleNames.indexOf(name)
    return samples.slice(column * count, (column + 1) * count).sort()[Math.floor(count / 2)]
  }
  const [teffK, loggDex] = [10 ** medianOf('logTeffK'), medianOf('loggDex')]
  return diagramRegions.findIndex(region => region.holds(teffK, loggDex))
}

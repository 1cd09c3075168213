// Colours of points: a ramp from blue to orange for numbers, which both kinds of colour blindness keep apart, and one for each class.

const stops = [
  [46, 84, 138],
  [63, 127, 181],
  [122, 178, 170],
  [231, 190, 92],
  [222, 112, 32],
] as const

const classColours: Readonly<Record<string, readonly [number, number, number]>> = {
  youngDisk: [222, 112, 32],
  youngDiskless: [231, 190, 92],
  mainSequence: [63, 127, 181],
  giant: [168, 88, 134],
}

/** A little-endian word of red, green, blue and alpha, as images hold their pixels. */
export function wordOf([red, green, blue]: readonly [number, number, number], alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

/** @param share from 0 to 1, held to it; NaN is grey */
export function rampWord(share: number): number {
  if (!Number.isFinite(share)) return wordOf([140, 146, 156])
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1)
  const k = Math.min(stops.length - 2, Math.floor(place))
  const part = place - k
  const mix = (channel: 0 | 1 | 2) => Math.round(stops[k][channel] + part * (stops[k + 1][channel] - stops[k][channel]))
  return wordOf([mix(0), mix(1), mix(2)])
}

export function classWord(name: string): number {
  return wordOf(classColours[name] ?? [140, 146, 156])
}

/** As style sheets write it. */
export function cssOf(word: number): string {
  return `rgb(${word & 255} ${(word >>> 8) & 255} ${(word >>> 16) & 255})`
}

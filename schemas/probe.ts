// The marks of a probe: a star of our own that goes the whole walk to see whether it is walked, and never is among users' stars.

/** The survey whose rows it looks like. */
export const PROBE_SURVEY = 'twoMass'
/** Where its rows stand; no file has such a base name. */
export const PROBE_FILE = 'birthline/probe'
const SOURCE_PREFIX = 'birthline-probe-'
const STAR_PREFIX = `${PROBE_SURVEY}:${SOURCE_PREFIX}`

/** @param name letters and digits that tell one probe from another */
export function probeSource(name: string): string {
  return `${SOURCE_PREFIX}${name}`
}

export function isProbeSource(source: string): boolean {
  return source.startsWith(SOURCE_PREFIX)
}

/** @param starId or a source's id within all surveys */
export function isProbeStar(starId: string): boolean {
  return starId.startsWith(STAR_PREFIX)
}

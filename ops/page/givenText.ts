// What the sliders of "what if" say, as the text of a question: `10<distancePc<200, avMag=1±0.1`.

/** A parameter that can be bounded or told from elsewhere. */
export interface Lever {
  /** Its name in a question. */
  readonly name: string
  readonly parameter: string
  /** The reach of its slider, in the unit of the name. */
  readonly low: number
  readonly high: number
  readonly isLog: boolean
}

export const levers: readonly Lever[] = [
  { name: 'distancePc', parameter: 'logDistancePc', low: 10, high: 10_000, isLog: true },
  { name: 'ageMyr', parameter: 'logAgeYr', low: 0.5, high: 13_000, isLog: true },
  { name: 'avMag', parameter: 'avMag', low: 0, high: 20, isLog: false },
]

export type Setting =
  | { readonly kind: 'about'; readonly value: number; readonly err: number }
  | { readonly kind: 'between'; readonly low: number; readonly high: number }

/** As it stands in the address: `140±2` or `1..10`; null where it is neither. */
export function readSetting(text: string | undefined): Setting | null {
  const [about, between] = [/^([\d.]+)±([\d.]+)$/.exec(text ?? ''), /^([\d.]+)\.\.([\d.]+)$/.exec(text ?? '')]
  if (about !== null && Number(about[2]) > 0) return { kind: 'about', value: Number(about[1]), err: Number(about[2]) }
  if (between !== null && Number(between[1]) < Number(between[2])) {
    return { kind: 'between', low: Number(between[1]), high: Number(between[2]) }
  }
  return null
}

export function writeSetting(setting: Setting): string {
  return setting.kind === 'about' ? `${setting.value}±${setting.err}` : `${setting.low}..${setting.high}`
}

/** One term of the question's `given`. */
export function givenOf({ name }: Lever, setting: Setting): string {
  return setting.kind === 'about' ? `${name}=${setting.value}±${setting.err}` : `${setting.low}<${name}<${setting.high}`
}

/** The place of a value on a slider from 0 to 1, and back to a value of three digits. */
export function placeOf({ low, high, isLog }: Lever, value: number): number {
  const place = isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
  return Math.min(1, Math.max(0, place))
}

export function valueAt({ low, high, isLog }: Lever, place: number): number {
  const value = isLog ? low * (high / low) ** place : low + place * (high - low)
  return Number(value.toPrecision(3))
}

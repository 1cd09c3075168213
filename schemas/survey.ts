// What a survey file states: how one release of one survey is turned into common units. Read by step 2 of the walk.

export interface Survey {
  readonly name: string
  /** Releases of one family supersede one another; surveys of different families add to one another. */
  readonly family: string
  readonly release: string
  readonly releaseRank: number
  readonly title: string
  readonly reference: string
  readonly id: SurveyId
  readonly position: SurveyPosition
  readonly links: readonly SurveyLink[]
  /** Numbers that mean "not measured", by the unit of the column they mean it in; `any` is every measured column. */
  readonly sentinels: ReadonlyMap<string, readonly number[]>
  readonly measurements: readonly SurveyMeasurement[]
  readonly bandFlags: readonly BandFlag[]
  /** An upper limit of the survey is this many sigma of flux; `null` where it gives none. */
  readonly limitSigma: number | null
  readonly rowFlags: readonly RowFlag[]
}

export interface SurveyId {
  readonly column: string
  /** A `long` is a 64-bit integer above zero, kept exactly. */
  readonly kind: 'long' | 'text'
  /** Taken off the front of an id, in this order. */
  readonly prefixes: readonly string[]
}

export interface SurveyPosition {
  readonly raColumn: string
  readonly decColumn: string
  readonly unit: string
  /** Two 1-sigma errors along perpendicular directions on the sky. */
  readonly errColumns: readonly string[]
  readonly errUnit: string
  /** Stands in where a row carries no error. */
  readonly typicalErrArcsec: number
  /** Added in quadrature. */
  readonly errFloorArcsec: number
  readonly epochJyr: number
  /** The row's own epoch, where it carries one. */
  readonly epochColumn: string | null
  readonly epochUnit: 'jyr' | 'jd' | 'mjd'
}

/** A column with an id in another survey, or another id within this one (then `prefix` tells the two apart). */
export interface SurveyLink {
  readonly survey: string
  readonly column: string
  readonly prefix: string | null
}

export interface SurveyMeasurement {
  readonly quantity: string
  readonly column: string
  readonly unit: string
  /** Ways to the 1-sigma error, the first that the row allows is taken. */
  readonly errors: readonly ErrorSource[]
  /** What a value without an error is: given the typical error, an upper limit, or of no use. */
  readonly missingErr: 'typical' | 'limit' | 'drop'
  readonly typicalErr: TypicalErr | null
  /** Subtracted, in the unit of the quantity. */
  readonly zeroPoint: number
  /** Added in quadrature, in the unit of the quantity. */
  readonly errFloor: number
  readonly usable: UsableRange | null
  /** Brighter than this the detector saturates; `null` for what is no magnitude. */
  readonly saturationMag: number | null
  /** Fainter than this most stars are missing. */
  readonly depthMag: number | null
}

export interface ErrorSource {
  /** The error itself, in the unit of the value. */
  readonly column: string | null
  /** Errors above this are codes for "none". */
  readonly noneAbove: number | null
  /** A flux signal-to-noise: the error of a magnitude is 2.5 / ln 10 over it. */
  readonly snrColumn: string | null
  readonly fluxColumn: string | null
  readonly fluxErrColumn: string | null
}

/** Error as a function of another quantity, for tables that carry none and for simulations. */
export interface TypicalErr {
  readonly by: string
  /** Pairs of (value, 1-sigma error) by rising value; the logarithm of the error is linear between and beyond the last. */
  readonly points: readonly (readonly [number, number])[]
}

export interface UsableRange {
  readonly min: number
  readonly max: number
  readonly flag: string
}

/** A text column with one character per band. */
export interface BandFlag {
  readonly column: string
  /** The quantity of each character, in order. */
  readonly quantities: readonly string[]
  readonly limit: readonly string[]
  /** Character -> flag of a value that is left out. */
  readonly drop: ReadonlyMap<string, string>
  /** Character -> flag of a value that is kept. */
  readonly keep: ReadonlyMap<string, string>
}

/** A flag of the whole row: raised above a number, or by any text other than those listed. */
export interface RowFlag {
  readonly column: string
  readonly flag: string
  readonly above: number | null
  readonly not: readonly string[] | null
}

// The interface of everything that invents stars: draws are columns, and star i is the same star in every batch.

/** Name -> one number per star; none is ever NaN. */
export type Columns = ReadonlyMap<string, Float32Array>

export interface DrawRequest {
  readonly seed: number
  /** Index of the first star; star i of a seed never depends on the batch it is drawn in. */
  readonly first: number
  readonly count: number
}

/** Upper limits of one observable. */
export interface LimitColumn {
  /** The magnitude that the star is fainter than, as the survey states it; 0 where it states none. */
  readonly values: Float32Array
  /** 1 where there is a limit: the observable itself is then not present. */
  readonly presence: Uint8Array
}

/** So many numbers for each star, such as the coefficients of a spectrum. */
export interface ListColumn {
  /** [count][length], 0 where the star has none. */
  readonly values: Float32Array
  /** 1 where the star has them: all or none. */
  readonly presence: Uint8Array
}

export interface Simulation {
  readonly count: number
  /** What is asked of the model. */
  readonly parameters: Columns
  /** Follows exactly from the parameters. */
  readonly derived: Columns
  /** Declared and drawn, but never asked: families, laws, companions. */
  readonly nuisances: Columns
  /** Observables without noise, wherever the star could be seen or not. */
  readonly truths: Columns
  /** As measured; 0 where not observed. */
  readonly observables: Columns
  /** 1-sigma errors as the survey reports them; 0 where not observed. */
  readonly errors: Columns
  /** 1 where observed, else 0. */
  readonly presence: ReadonlyMap<string, Uint8Array>
  /** Of the simulator's `limited` observables. */
  readonly limits?: ReadonlyMap<string, LimitColumn>
  /** Of the simulator's `lists`. */
  readonly lists?: ReadonlyMap<string, ListColumn>
  /** Index into `classes`. */
  readonly classIndex: Uint8Array
  /** By parameter, derived or nuisance: 1 where the star has it at all (a galaxy has no age); absent, all have it. */
  readonly defined?: ReadonlyMap<string, Uint8Array>
}

/** What a column means, for those who read it in a file. */
export interface ColumnFact {
  readonly name: string
  /** Empty where it has none. */
  readonly unit: string
  readonly description: string
}

export interface ListFact extends ColumnFact {
  readonly length: number
  /** Whether a survey reports it; if not it is the truth behind one that is. */
  readonly isMeasured: boolean
}

export interface Simulator {
  readonly name: string
  readonly parameters: readonly string[]
  readonly derived: readonly string[]
  /** The nuisances of a draw, in the order they are written. */
  readonly nuisances?: readonly ColumnFact[]
  readonly observables: readonly string[]
  /** Those of which a survey may give an upper limit instead; absent, there are none. */
  readonly limited?: readonly string[]
  /** Those of a star's measurements that are lists; absent, there are none. */
  readonly lists?: readonly ListFact[]
  /** What else is to be known of the columns, as plain data by name. */
  readonly facts?: Readonly<Record<string, unknown>>
  readonly classes: readonly string[]
  /** Probability of each class before any data, summing to 1. */
  readonly classPrior: readonly number[]
  /** @throws RangeError when seed, first or count is not an integer of at least 0 */
  draw(request: DrawRequest): Simulation
}

/** The column of a name. @throws RangeError when there is none */
export function column<A>(columns: ReadonlyMap<string, A>, name: string): A {
  const found = columns.get(name)
  if (found === undefined) throw new RangeError(`column: no column is named ${name}`)
  return found
}

/** Room for so many stars of a simulator: zeroed columns, nothing present. */
export function createSimulation(
  {
    parameters,
    derived,
    nuisances = [],
    observables,
  }: Pick<Simulator, 'parameters' | 'derived' | 'nuisances' | 'observables'>,
  count: number,
): Simulation {
  return {
    count,
    parameters: createColumns(parameters, count),
    derived: createColumns(derived, count),
    nuisances: createColumns(
      nuisances.map(({ name }) => name),
      count,
    ),
    truths: createColumns(observables, count),
    observables: createColumns(observables, count),
    errors: createColumns(observables, count),
    presence: new Map(observables.map(name => [name, new Uint8Array(count)])),
    classIndex: new Uint8Array(count),
  }
}

/** Room for limits: zeroed columns, none present. */
export function createLimits(names: readonly string[], count: number): ReadonlyMap<string, LimitColumn> {
  return new Map(names.map(name => [name, { values: new Float32Array(count), presence: new Uint8Array(count) }]))
}

/** Room for lists: zeroed, none present. */
export function createLists(facts: readonly ListFact[], count: number): ReadonlyMap<string, ListColumn> {
  return new Map(
    facts.map(({ name, length }) => [
      name,
      { values: new Float32Array(count * length), presence: new Uint8Array(count) },
    ]),
  )
}

/** New zeroed columns. */
export function createColumns(names: readonly string[], count: number): Columns {
  return new Map(names.map(name => [name, new Float32Array(count)]))
}

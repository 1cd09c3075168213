// Columns of a table of simulated stars: what was measured, then the truth.
import { type ColumnFact, column, type Simulation, type Simulator } from '../../models/index.ts'
import { isQuantity, quantity } from '../../schemas/index.ts'
import type { FilledColumn, WritableColumn } from '../../streams/index.ts'

/** Unit and description; a parameter that is no quantity of ours has none. */
function factOf(name: string): { readonly unit: string | null; readonly description: string } {
  if (!isQuantity(name)) return { unit: null, description: name }
  const { unit, description } = quantity(name)
  return { unit: unit === '' ? null : unit, description }
}

export const starColumn = {
  name: 'star',
  type: 'string',
  description: 'seed and number of the star',
  ucd: 'meta.id;meta.main',
} as const satisfies WritableColumn

export const classColumn = {
  name: 'truth_class',
  type: 'string',
  description: 'true class',
} as const satisfies WritableColumn

/** A value and its error for each observable. */
export function measuredColumns(observables: readonly string[]): readonly (WritableColumn & { type: 'float' })[] {
  return observables.flatMap(name => {
    const { unit, description } = factOf(name)
    return [
      { name, type: 'float' as const, unit, description },
      { name: `${name}_err`, type: 'float' as const, unit, description: `1-sigma error of ${name}` },
    ]
  })
}

export function truthColumns(names: readonly string[]): readonly (WritableColumn & { type: 'float' })[] {
  return names.map(name => {
    const { unit, description } = factOf(name)
    return { name: `truth_${name}`, type: 'float' as const, unit, description: `true ${description}` }
  })
}

function nuisanceColumns(nuisances: readonly ColumnFact[]): readonly (WritableColumn & { type: 'float' })[] {
  return nuisances.map(({ name, unit, description }) => {
    return { name: `nuisance_${name}`, type: 'float' as const, unit: unit === '' ? null : unit, description }
  })
}

/** Name of star `index` of a simulation. */
export function starName(index: number): string {
  return `sim-${index}`
}

/** All columns of a shard, empty. */
export function shardColumns(simulator: Simulator): readonly WritableColumn[] {
  const { parameters, derived, observables, nuisances = [] } = simulator
  return [
    starColumn,
    ...measuredColumns(observables),
    ...truthColumns([...parameters, ...derived]),
    ...truthColumns(observables),
    ...nuisanceColumns(nuisances),
    classColumn,
  ]
}

/** All columns of a shard, from the draws of its stars in order. */
export function filledColumns(
  simulator: Simulator,
  drawn: readonly Simulation[],
  firstStar: number,
): readonly FilledColumn[] {
  const { parameters, derived, observables, nuisances = [], classes } = simulator
  const count = drawn.reduce((sum, part) => sum + part.count, 0)
  const joined = (pick: (part: Simulation) => Float32Array): Float32Array => {
    const values = new Float32Array(count)
    let done = 0
    for (const part of drawn) {
      values.set(pick(part), done)
      done += part.count
    }
    return values
  }
  const joinedFlags = (pick: (part: Simulation) => Uint8Array | undefined): { readonly present?: Uint8Array } => {
    if (drawn.every(part => pick(part) === undefined)) return {}
    const flags = new Uint8Array(count).fill(1)
    let done = 0
    for (const part of drawn) {
      const own = pick(part)
      if (own !== undefined) flags.set(own, done)
      done += part.count
    }
    return { present: flags }
  }
  const presenceOf = (name: string) => joinedFlags(part => column(part.presence, name))
  const definedOf = (name: string) => joinedFlags(part => part.defined?.get(name))
  const measured = measuredColumns(observables)
  const own = truthColumns([...parameters, ...derived])
  const seen = truthColumns(observables)
  const drawnBeside = nuisanceColumns(nuisances)
  return [
    { ...starColumn, values: Array.from({ length: count }, (_, i) => starName(firstStar + i)) },
    ...observables.flatMap((name, k): FilledColumn[] => [
      { ...measured[2 * k], values: joined(part => column(part.observables, name)), ...presenceOf(name) },
      { ...measured[2 * k + 1], values: joined(part => column(part.errors, name)), ...presenceOf(name) },
    ]),
    ...[...parameters, ...derived].map((name, k): FilledColumn => {
      const isDerived = k >= parameters.length
      const values = joined(part => column(isDerived ? part.derived : part.parameters, name))
      return { ...own[k], values, ...definedOf(name) }
    }),
    ...observables.map((name, k): FilledColumn => {
      return { ...seen[k], values: joined(part => column(part.truths, name)), ...definedOf(name) }
    }),
    ...nuisances.map(({ name }, k): FilledColumn => {
      return { ...drawnBeside[k], values: joined(part => column(part.nuisances, name)), ...definedOf(name) }
    }),
    { ...classColumn, values: drawn.flatMap(part => Array.from(part.classIndex, index => classes[index])) },
  ]
}

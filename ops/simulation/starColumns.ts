// Columns of a table of simulated stars: what was measured, then the truth.
import {
  type ColumnFact,
  type Columns,
  column,
  type ListFact,
  type Simulation,
  type Simulator,
} from '../../models/index.ts'
import { isQuantity, quantity } from '../../schemas/index.ts'
import type { FilledColumn, WritableColumn } from '../../streams/index.ts'

/** Names say their unit at the end. */
const unitOfEnding = [
  [/Mag$/, 'mag'],
  [/Mas$/, 'mas'],
  [/MasPerYr$/, 'mas/yr'],
  [/Dex$/, 'dex'],
] as const

/** Magnitudes of surveys that the vocabulary does not know. */
const descriptions = [
  [/^irac1Mag$/, () => 'Spitzer IRAC 3.6 um, Vega'],
  [/^irac2Mag$/, () => 'Spitzer IRAC 4.5 um, Vega'],
  [/^irac3Mag$/, () => 'Spitzer IRAC 5.8 um, Vega'],
  [/^irac4Mag$/, () => 'Spitzer IRAC 8.0 um, Vega'],
  [/^mips24Mag$/, () => 'Spitzer MIPS 24 um, Vega'],
  [/^ps1([GRIZY])Mag$/, (band: string) => `Pan-STARRS1 ${band.toLowerCase()}, AB`],
  [
    /^sdss([UGRIZ])Mag$/,
    (band: string) => `SDSS ${band.toLowerCase()}, AB, as an asinh magnitude where it is measured`,
  ],
] as const

function descriptionOf(name: string): string {
  for (const [form, describe] of descriptions) {
    const found = form.exec(name)
    if (found !== null) return describe(found[1])
  }
  return name
}

/** Unit and description, also of what is no quantity of the vocabulary. */
function factOf(name: string): { readonly unit: string | null; readonly description: string } {
  if (!isQuantity(name)) {
    const unit = unitOfEnding.find(([ending]) => ending.test(name))?.[1] ?? null
    return { unit, description: descriptionOf(name) }
  }
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

type FloatColumn = Omit<WritableColumn, 'type' | 'arraySize'> & { readonly type: 'float' }

/** A value and its error for each observable. */
export function measuredColumns(observables: readonly string[]): readonly FloatColumn[] {
  return observables.flatMap(name => {
    const { unit, description } = factOf(name)
    return [
      { name, type: 'float' as const, unit, description },
      { name: `${name}_err`, type: 'float' as const, unit, description: `1-sigma error of ${name}` },
    ]
  })
}

export function truthColumns(names: readonly string[]): readonly FloatColumn[] {
  return names.map(name => {
    const { unit, description } = factOf(name)
    return { name: `truth_${name}`, type: 'float' as const, unit, description: `true ${description}` }
  })
}

function nuisanceColumns(nuisances: readonly ColumnFact[]): readonly FloatColumn[] {
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
  const numbers = numberColumns(simulator).map(({ from: _, presentIn: __, ...column }) => column)
  return [starColumn, ...numbers, classColumn]
}

/** The columns of one shard after another: filled anew for each, so that memory does not grow with their number. */
export interface ShardBuffer {
  /** Takes in the next stars of the shard. */
  add(part: Simulation): void
  /** All columns of the stars that were added, until the next is added; the next begins a new shard. */
  take(firstStar: number): readonly FilledColumn[]
}

/** One number a star, or as many as `arraySize` says. */
type NumberColumn = FloatColumn & {
  readonly arraySize?: number
  readonly from: (part: Simulation) => Float32Array
  readonly presentIn: (part: Simulation) => Uint8Array | undefined
}

/** @param capacity stars of the longest shard */
export function openShardBuffer(simulator: Simulator, capacity: number): ShardBuffer {
  const sources = numberColumns(simulator)
  const sizes = sources.map(({ arraySize = 1 }) => arraySize)
  const values = sizes.map(size => new Float32Array(capacity * size))
  const flags = sources.map(() => new Uint8Array(capacity))
  const classes: string[] = []
  let count = 0
  return {
    add(part) {
      sources.forEach(({ from, presentIn }, k) => {
        values[k].set(from(part), count * sizes[k])
        const present = presentIn(part)
        if (present === undefined) flags[k].fill(1, count, count + part.count)
        else flags[k].set(present, count)
      })
      for (const index of part.classIndex) classes.push(simulator.classes[index])
      count += part.count
    },
    take(firstStar) {
      const names = Array.from({ length: count }, (_, i) => starName(firstStar + i))
      const numbers = sources.map(({ from: _, presentIn: __, ...column }, k): FilledColumn => {
        return { ...column, values: values[k].subarray(0, count * sizes[k]), present: flags[k].subarray(0, count) }
      })
      const filled = [{ ...starColumn, values: names }, ...numbers, { ...classColumn, values: classes.splice(0) }]
      count = 0
      return filled
    },
  }
}

/** Where the numbers of a star come from, in the order of the columns. */
function numberColumns(simulator: Simulator): readonly NumberColumn[] {
  const { parameters, derived, observables, limited = [], lists = [], nuisances = [] } = simulator
  const isDefined = (name: string) => (part: Simulation) => part.defined?.get(name)
  const truths = (names: readonly string[], columnsOf: (part: Simulation) => Columns): NumberColumn[] => {
    const facts = truthColumns(names)
    return names.map((name, k) => {
      return { ...facts[k], from: part => column(columnsOf(part), name), presentIn: isDefined(name) }
    })
  }
  const beside = nuisanceColumns(nuisances)
  return [
    ...observables.flatMap((name): NumberColumn[] => {
      const [value, error] = measuredColumns([name])
      const presentIn = (part: Simulation) => column(part.presence, name)
      return [
        { ...value, from: part => column(part.observables, name), presentIn },
        { ...error, from: part => column(part.errors, name), presentIn },
        ...(limited.includes(name) ? [limitColumn(name)] : []),
      ]
    }),
    ...lists.filter(({ isMeasured }) => isMeasured).map(listColumn),
    ...truths(parameters, part => part.parameters),
    ...truths(derived, part => part.derived),
    ...truths(observables, part => part.truths),
    ...lists.filter(({ isMeasured }) => !isMeasured).map(listColumn),
    ...nuisances.map(({ name }, k): NumberColumn => {
      return { ...beside[k], from: part => column(part.nuisances, name), presentIn: isDefined(name) }
    }),
  ]
}

/** A limit has a column of its own, so that nobody takes it for a measurement. */
function limitColumn(name: string): NumberColumn {
  const limitOf = (part: Simulation) => column(part.limits ?? new Map(), name)
  return {
    name: `${name}_limit`,
    type: 'float',
    unit: factOf(name).unit,
    description: `upper limit: fainter than this, two sigma of flux, 95% confidence; only where ${name} is not measured`,
    from: part => limitOf(part).values,
    presentIn: part => limitOf(part).presence,
  }
}

function listColumn({ name, unit, description, length }: ListFact): NumberColumn {
  const listOf = (part: Simulation) => column(part.lists ?? new Map(), name)
  return {
    ...{ name, type: 'float', unit: unit === '' ? null : unit, description, arraySize: length },
    from: part => listOf(part).values,
    presentIn: part => listOf(part).presence,
  }
}

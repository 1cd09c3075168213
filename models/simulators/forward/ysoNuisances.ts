// Columns of young stellar objects: the parameters of their sets, undefined where a set lacks them.
import { type ModelSet, modelSets, parametersOf, type Yso, type YsoRange } from '../dust/modelSets.ts'
import type { ColumnFact } from '../simulator.ts'

/** The star's own radius and temperature are among the truths. */
type Parameter = Exclude<YsoRange, 'starRadiusRsun' | 'starTeffK'>

// biome-ignore format: one parameter a line reads as the table it is
const parameters: readonly (readonly [Parameter, unit: string, description: string, of: (yso: Yso) => number | undefined])[] = [
  ['diskMassMsun', 'solMass', 'dust mass of the disk', yso => yso.disk?.massMsun],
  ['diskOuterRadiusAu', 'au', 'outer radius of the disk', yso => yso.disk?.outerRadiusAu],
  ['diskFlaringPower', '', 'flaring power beta of the disk', yso => yso.disk?.flaringPower],
  ['diskSurfacePower', '', 'power p of the surface density of the disk', yso => yso.disk?.surfacePower],
  ['diskHeight100Au', 'au', 'scale height of the disk at 100 au', yso => yso.disk?.height100Au],
  ['envelopeDensityGPerCm3', 'g/cm3', 'reference density of dust in the envelope', yso => yso.envelope?.densityGPerCm3],
  ['envelopePower', '', 'density power gamma of the envelope', yso => (yso.envelope?.kind === 'powerLaw' ? yso.envelope.power : undefined)],
  ['centrifugalRadiusAu', 'au', 'centrifugal radius of an Ulrich envelope without a disk', yso => (yso.envelope?.kind === 'ulrich' ? yso.envelope.centrifugalRadiusAu : undefined)],
  ['cavityPower', '', 'shape exponent c of the cavity', yso => yso.cavity?.power],
  ['cavityOpeningDeg', 'deg', 'half-opening angle of the cavity', yso => yso.cavity?.openingDeg],
  ['cavityDensityGPerCm3', 'g/cm3', 'density of dust in the cavity', yso => yso.cavity?.densityGPerCm3],
  ['innerRadiusRsub', '', 'inner radius of the dust in sublimation radii', yso => yso.innerRadiusRsub],
]

const columnOf = (name: Parameter) => `yso${name[0].toUpperCase()}${name.slice(1)}`

/** Columns beside those of the parameters. */
export const ysoNames = { set: 'ysoSet', inclinationDeg: 'ysoInclinationDeg', apertureAu: 'ysoApertureAu' } as const

/** @param hasAperture whether an aperture is drawn */
export function ysoNuisances(hasAperture: boolean): readonly ColumnFact[] {
  const aperture = { name: ysoNames.apertureAu, unit: 'au', description: 'radius of the aperture of all surveys' }
  return [
    { name: ysoNames.set, unit: '', description: `number of the model set: ${modelSets.join(' ')}` },
    ...parameters.map(([name, unit, description]) => ({ name: columnOf(name), unit, description })),
    { name: ysoNames.inclinationDeg, unit: 'deg', description: 'angle between the line of sight and the axis' },
    ...(hasAperture ? [aperture] : []),
  ]
}

/** The columns that an object has, with their numbers. */
export function ysoFactsOf(set: ModelSet, yso: Yso): readonly (readonly [column: string, value: number])[] {
  const own = parametersOf(set)
  const found = parameters.flatMap(([name, , , of]) => {
    const value = own.includes(name) ? of(yso) : undefined
    return value === undefined ? [] : [[columnOf(name), value] as const]
  })
  return [[ysoNames.set, modelSets.indexOf(set)], ...found, [ysoNames.inclinationDeg, yso.inclinationDeg]]
}

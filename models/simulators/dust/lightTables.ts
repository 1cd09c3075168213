// What is left of light behind columns of dust, and what thick dust of each temperature sends out: the tables of the lines of sight.
import { binWidthsUm, dust, planck, ROWS, rowTemperatureK, WAVELENGTHS } from './dustOpacity.ts'
import { sedWavelengthsUm } from './modelSets.ts'

/** Columns at which light is known, g/cm2: none, then eight a decade. Between two, exp(-tau) is taken as linear, within 1%. */
export const COLUMNS = 90
export const PER_DECADE = 8
export const columnNodes: Float64Array = Float64Array.from({ length: COLUMNS }, (_, i) =>
  i === 0 ? 0 : 10 ** (-7 + (i - 1) / PER_DECADE),
)
export const ROWS_PER_LEVEL = 20
/** Temperatures at which emission is known, 5% apart; light between two is mixed. */
export const LEVELS = Math.ceil(ROWS / ROWS_PER_LEVEL) + 1

export interface LightTables {
  /** [COLUMNS, WAVELENGTHS] What is left of light behind a column. */
  readonly leftBehind: Float64Array
  /** [LEVELS, WAVELENGTHS] What thick dust sends out, erg/s/cm2/sr/um: scattering keeps some of it in. */
  readonly thickLight: Float64Array
  /** [LEVELS, COLUMNS] The same over all wavelengths, behind a column, erg/s/cm2/sr. */
  readonly thickTotal: Float64Array
  /** [LEVELS] The first wavelength at which dust of a level sends anything that could be told from nothing. */
  readonly shines: Int32Array
}

let tables: LightTables | undefined

/** Made when they are first asked for. */
export function lightTables(): LightTables {
  tables ??= makeTables()
  return tables
}

function makeTables(): LightTables {
  const leftBehind = new Float64Array(COLUMNS * WAVELENGTHS)
  for (let c = 0; c < COLUMNS; c++)
    for (let i = 0; i < WAVELENGTHS; i++)
      leftBehind[c * WAVELENGTHS + i] = Math.exp(-dust.effective[i] * columnNodes[c])
  const thickLight = new Float64Array(LEVELS * WAVELENGTHS)
  const thickTotal = new Float64Array(LEVELS * COLUMNS)
  for (let level = 0; level < LEVELS; level++) {
    const temperature = rowTemperatureK(level * ROWS_PER_LEVEL)
    for (let i = 0; i < WAVELENGTHS; i++) {
      const light = (planck(sedWavelengthsUm[i], temperature) * dust.absorption[i]) / dust.effective[i]
      thickLight[level * WAVELENGTHS + i] = light
      for (let c = 0; c < COLUMNS; c++)
        thickTotal[level * COLUMNS + c] += light * binWidthsUm[i] * leftBehind[c * WAVELENGTHS + i]
    }
  }
  const shines = Int32Array.from({ length: LEVELS }, (_, level) => {
    const light = thickLight.subarray(level * WAVELENGTHS, (level + 1) * WAVELENGTHS)
    const most = light.reduce((a, b) => Math.max(a, b), 0)
    return light.findIndex(l => l > 1e-20 * most)
  })
  return { leftBehind, thickLight, thickTotal, shines }
}

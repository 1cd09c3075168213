// Published spectra that a recipe names: found beside it, known by their bytes, and open while stars are drawn.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type ForwardRecipe, lackingIn, type YsoCube, type YsoCubes } from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import { openSedCube, type SedCube } from '../../streams/index.ts'

type ModelSet = Extract<ForwardRecipe['components'][number], { kind: 'ysoSets' }>['sets'][number]

const FLUX = 'flux.fits'
const PARAMETERS = 'parameters.fits'
const FILES = [FLUX, PARAMETERS]
/** Of a larger file as many pieces, from its first byte to its last, stand for all of it: cubes may have many gigabytes. */
const PIECES = 64
const PIECE_BYTES = 1024 * 1024

/**
 * The recipe with the cubes that it names: their folder in full, and a hash of what is in it.
 * @param folder that relative paths are of
 * @throws FusionError CONFIG_INVALID where a set is not there, FILE_UNREADABLE where one is cut short or no cube
 */
export async function findCubes(recipe: ForwardRecipe, folder: string): Promise<ForwardRecipe> {
  const components = recipe.components.map(async component => {
    if (component.kind !== 'ysoSets' || component.cubes === null) return component
    const found = resolve(folder, component.cubes.folder)
    const hash = createHash('sha256')
    for (const [set, place] of placesOf(found, component.sets)) {
      await (await openSedCube(place)).close()
      hash.update(`${set}\n`)
      for (const file of FILES) hash.update(`${file} ${await fingerprint(join(place, file))}\n`)
    }
    return { ...component, cubes: { folder: found, sha256: hash.digest('hex') } }
  })
  return { ...recipe, components: await Promise.all(components) }
}

/** A folder of one set, or with a folder for each. */
function placesOf(folder: string, sets: readonly ModelSet[]): ReadonlyMap<ModelSet, string> {
  if (existsSync(join(folder, FLUX))) {
    if (sets.length === 1) return new Map([[sets[0], folder]])
    throw new FusionError('CONFIG_INVALID', `${folder} is the cube of one set; name that set alone in 'sets'.`)
  }
  if (!existsSync(folder)) {
    throw new FusionError('CONFIG_INVALID', `There is no folder ${folder} of cubes; check 'cubes' in the recipe.`)
  }
  const lacking = sets.filter(set => !existsSync(join(folder, set)))
  if (lacking.length > 0) {
    throw new FusionError(
      'CONFIG_INVALID',
      `${folder} has no folder ${lacking.join(', ')}; fetch ${lacking.length === 1 ? 'it' : 'them'}, or name in 'sets' those that are there.`,
    )
  }
  return new Map(sets.map(set => [set, join(folder, set)]))
}

/** Size and SHA-256; of large files that of pieces. */
async function fingerprint(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const hash = createHash('sha256')
    const pieces = Math.min(PIECES, Math.ceil(size / PIECE_BYTES))
    const isWhole = size <= PIECES * PIECE_BYTES
    const piece = Buffer.alloc(PIECE_BYTES)
    for (let k = 0; k < pieces; k++) {
      const position = isWhole ? k * PIECE_BYTES : Math.floor(((size - PIECE_BYTES) * k) / (pieces - 1))
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, position)
      hash.update(piece.subarray(0, bytesRead))
    }
    return `${size} ${hash.digest('hex')}`
  } finally {
    await file.close()
  }
}

export interface OpenCubes {
  readonly cubes: YsoCubes
  close(): Promise<void>
}

/**
 * Opens what a recipe of `findCubes` names. Parameters are in memory, spectra are read where they lie.
 * @throws FusionError FILE_UNREADABLE
 */
export async function openCubes(recipe: ForwardRecipe): Promise<OpenCubes> {
  const opened: SedCube[] = []
  const cubes = new Map<string, Map<ModelSet, YsoCube>>()
  const close = async () => {
    for (const cube of opened.splice(0)) await cube.close()
  }
  try {
    for (const component of recipe.components) {
      if (component.kind !== 'ysoSets' || component.cubes === null) continue
      const { folder } = component.cubes
      const shelf = cubes.get(folder) ?? new Map<ModelSet, YsoCube>()
      cubes.set(folder, shelf)
      for (const [set, place] of placesOf(folder, component.sets)) {
        if (shelf.has(set)) continue
        const cube = await openSedCube(place)
        opened.push(cube)
        const { modelCount, wavelengthsUm, aperturesAu, distanceCm, fluxNow } = cube
        const parameters = await cube.parameterColumns()
        const lacking = lackingIn(set, { modelCount, parameters })
        if (lacking !== null) {
          const { column, model } = lacking
          throw new FusionError(
            'FILE_UNREADABLE',
            `${join(place, PARAMETERS)} has no ${column} of model ${model + 1}, as the set ${set} needs; put each set into the folder of its name.`,
            { detail: { path: place } },
          )
        }
        shelf.set(set, { modelCount, wavelengthsUm, aperturesAu, distanceCm, fluxNow, parameters })
      }
    }
    return { cubes, close }
  } catch (error) {
    await close()
    throw error
  }
}

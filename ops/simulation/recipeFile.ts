// A recipe file: found by path or by the name of one that comes with birthline, read, checked and given its fingerprint.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { checkForwardRecipe, type ForwardRecipe } from '../../models/index.ts'
import { FusionError, packageFile } from '../../schemas/index.ts'
import { readSettingsFile } from '../../streams/index.ts'
import { findCubes } from './recipeCubes.ts'

const ENDING = '.yaml'

/**
 * @param name a path, or the name of a recipe that comes with birthline
 * @param seed in place of the recipe's own, where it is not null
 * @throws FusionError CONFIG_INVALID: one sentence with the file, its line, the key, and what to do; FILE_UNREADABLE for cubes that are broken
 */
export async function readRecipe(name: string, workingFolder: string, seed: number | null): Promise<ForwardRecipe> {
  const path = recipePath(name, workingFolder)
  const { value, lineOf } = await readSettingsFile(path)
  const recipe = checkForwardRecipe(value, keys => `${path}, line ${lineOf(keys)}`)
  const whole = await findCubes(recipe, dirname(path))
  return seed === null ? whole : { ...whole, seed }
}

function recipePath(name: string, workingFolder: string): string {
  const path = resolve(workingFolder, name)
  if (existsSync(path)) return path
  const known = knownRecipes()
  if (known.includes(name)) return join(recipesFolder(), `${name}${ENDING}`)
  throw new FusionError(
    'CONFIG_INVALID',
    `There is no recipe ${path}, and none of that name comes with birthline (${known.join(', ')}); check the path.`,
  )
}

const recipesFolder = () => packageFile('ops', 'recipes')

/** Names of the recipes that come with birthline. */
export function knownRecipes(): readonly string[] {
  const files = readdirSync(recipesFolder()).filter(file => file.endsWith(ENDING))
  return files.map(file => file.slice(0, -ENDING.length)).sort()
}

/** SHA-256 of the recipe as it was checked: of all that it says and leaves out, but not of how it is written or where its cubes lie. */
export function recipeSha256(recipe: ForwardRecipe): string {
  const components = recipe.components.map(component => {
    return 'cubes' in component ? { ...component, cubes: component.cubes?.sha256 ?? null } : component
  })
  return createHash('sha256')
    .update(JSON.stringify(sorted({ ...recipe, components })))
    .digest('hex')
}

/** Keys in one order, however the file has them. */
function sorted(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(sorted)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)]))
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkForwardRecipe, missingModes } from '../../../models/index.ts'
import { knownRecipes, readRecipe, recipeSha256 } from '../../../ops/simulation/recipeFile.ts'
import { readSettingsFile } from '../../../streams/index.ts'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-recipe-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('every recipe that comes with birthline is sound, and named as its file', async () => {
  expect(knownRecipes()).toContain('pilot')
  for (const name of knownRecipes()) expect((await readRecipe(name, '.', null)).name).toBe(name)
})

test('a file in the working folder goes before a recipe of that name, and a seed before its own', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'pilot'), 'name: mine\nseed: 4\ncomponents: [{ kind: pilot }]\n')
  expect(await readRecipe('pilot', folder, null)).toMatchObject({ name: 'mine', seed: 4 })
  expect(await readRecipe('pilot', folder, 9)).toMatchObject({ name: 'mine', seed: 9 })
})

test('a sentence about a recipe names the file and the line', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'mine.yaml')
  await writeFile(path, `name: mine\ncomponents:\n  - kind: pilot\n    sahre: 1\nmissing: ${missingModes[0]}\n`)
  await expect(readRecipe('mine.yaml', folder, null)).rejects.toThrow(
    `${path}, line 4: 'components[0].sahre' is no key here; known are kind, share.`,
  )
  await expect(readRecipe('other.yaml', folder, null)).rejects.toThrow(/There is no recipe .*other\.yaml, and none/)
})

test('the hash is of what a recipe says, not of how', async () => {
  const folder = await temporaryFolder()
  const hashOf = async (text: string) => {
    const path = join(folder, 'a.yaml')
    await writeFile(path, text)
    const { value } = await readSettingsFile(path)
    return recipeSha256(checkForwardRecipe(value, () => path))
  }
  const hash = await hashOf('name: a\ncomponents:\n  - { kind: pilot }\n')
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(await hashOf('# The same.\ncomponents: [{ share: 1, kind: pilot }]\nname: a\nseed: 1\n')).toBe(hash)
  expect(await hashOf('name: a\nseed: 2\ncomponents: [{ kind: pilot }]\n')).not.toBe(hash)
})

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packageFile, packageRoot } from '../../schemas/packageRoot.ts'

test('the root is where the package of birthline lies', () => {
  expect(JSON.parse(readFileSync(packageFile('package.json'), 'utf8')).name).toBe('birthline')
  expect(packageFile('schemas', 'surveys').startsWith(packageRoot)).toBe(true)
  expect(existsSync(packageFile('schemas', 'surveys', 'gaiaDr3.json'))).toBe(true)
})

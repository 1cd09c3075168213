// One Python environment for all tests in Python, made before the first of them: pip takes longer than they do.
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openPython } from '../documentPrograms.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the Python that has what docs/python.md and docs/release.md name. */
    readonly python: string
  }
}

const folder = join(tmpdir(), `birthline-venv-${process.pid}`)

export function setup(project: TestProject): void {
  project.provide('python', openPython(folder, 'python.md', 'release.md'))
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true })
}

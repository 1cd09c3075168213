// A real Chromium for the tests of the page: the package brings the browser and the libraries it needs.

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** @returns a browser that is to be closed */
export async function openChromium(): Promise<Browser> {
  // Told that it runs in a bare container, the package unpacks its own libraries beside the browser.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x'
  const { default: packed } = await import('@sparticuz/chromium')
  const executablePath = await packed.executablePath()
  const libraries = [join(tmpdir(), 'al2023', 'lib'), process.env.LD_LIBRARY_PATH ?? ''].filter(path => path !== '')
  return chromium.launch({
    executablePath,
    // In a single process, which the package chooses, the browser ends with its first context.
    args: packed.args.filter(arg => arg !== '--single-process'),
    headless: true,
    env: { ...process.env, LD_LIBRARY_PATH: libraries.join(':') } as Record<string, string>,
  })
}

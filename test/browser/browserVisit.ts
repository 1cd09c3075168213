// A visit of the page in a browser of its own state, with what the browser complained of, and what axe-core finds.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { packageFile } from '../../schemas/index.ts'

/** Of one wait; the machine may have other work. */
const SLOW_MS = 90_000

export interface Visit {
  readonly page: Page
  readonly complaints: readonly string[]
}

export interface VisitOptions {
  readonly scheme?: 'light' | 'dark'
  readonly widthPx?: number
}

/** Opens an address; the state of the browser goes when the test ends. */
export async function openVisit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    colorScheme: options.scheme ?? 'light',
    viewport: { width: options.widthPx ?? 1280, height: 900 },
  })
  onTestFinished(() => context.close())
  context.setDefaultTimeout(SLOW_MS)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints }
}

interface Runner {
  readonly axe: {
    run(): Promise<{ readonly violations: readonly { id: string; impact: string; nodes: { html: string }[] }[] }>
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Of the last run, to be looked at. */
const pictures = packageFile('dist', 'pictures')

/**
 * What axe-core finds that is serious, and whether the page is wider than its window.
 * @param view names the picture that is kept of it, with its width and, where it is dark, that
 */
export async function findings(page: Page, view: string): Promise<readonly string[]> {
  const isDark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
  const name = [view, page.viewportSize()?.width, ...(isDark === true ? ['dark'] : [])].join('-')
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
  // Evaluated by the debugger, which the policy of the page does not bind.
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as Runner).axe.run()
    return violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes[0].html.slice(0, 120) }))
  })
  const tooWidePx = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
  return [
    ...found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, html }) => `${id}: ${html}`),
    ...(tooWidePx > 0 ? [`${tooWidePx} px wider than the window`] : []),
  ]
}

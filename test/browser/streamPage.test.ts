import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findings, openVisit } from './browserVisit.ts'
import { openChromium } from './chromium.ts'
import { type ServedDemo, serveDemo } from './servedDemo.ts'

let demo: ServedDemo
let browser: Browser

beforeAll(async () => {
  demo = await serveDemo([
    ['rhoOphiuchi.gaiaDr2.ecsv', 'gaiaDr2'],
    ['rhoOphiuchi.twoMass.csv', 'twoMass'],
  ])
  browser = await openChromium()
}, 600_000)
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

/** Posteriors on the page, one for each event. */
const shownIds = (page: Page) =>
  page
    .locator('.events tr[data-posterior]')
    .evaluateAll(rows => rows.map(row => row.getAttribute('data-posterior') ?? ''))

/** The same from the server itself, from the beginning to where it waits for news. */
async function idsInLog(count: number): Promise<readonly string[]> {
  const gone = new AbortController()
  const response = await fetch(`${demo.url}/v1/classes/young/stream?above=0&from=earliest`, { signal: gone.signal })
  const decoder = new TextDecoder()
  let text = ''
  let ids: readonly string[] = []
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true })
    ids = Array.from(text.matchAll(/"posteriorId":"(\w+)"/g), match => match[1])
    if (ids.length >= count) break
  }
  gone.abort()
  return ids
}

test('the stream shows what was committed, and goes on after a dropped connection without a gap or a repeat', async () => {
  const { page } = await openVisit(browser, `${demo.url}/#/stream?above=0`)
  await expect.poll(async () => (await shownIds(page)).length).toBe(12)
  await demo.restart(() => demo.ingest('rhoOphiuchi.allWise.csv', 'allWise'))
  await expect.poll(async () => (await shownIds(page)).length).toBe(18)
  const shown = await shownIds(page)
  expect([...shown].sort()).toEqual([...(await idsInLog(18))].sort())
  expect(new Set(shown).size).toBe(18)
  await page.getByText('Connected').waitFor()
}, 300_000)

test('stages, refused records and the class of the stream are there, and nothing serious is found in them', async () => {
  const { page, complaints } = await openVisit(browser, `${demo.url}/#/stream`, { scheme: 'dark' })
  await page.getByRole('row', { name: /^infer/ }).waitFor()
  await page.getByText('No refused record waits.').waitFor()
  await page.getByRole('combobox').selectOption('giant')
  await expect.poll(() => page.url()).toContain('class=giant')
  expect(await findings(page, 'stream')).toEqual([])
  expect(complaints).toEqual([])
})

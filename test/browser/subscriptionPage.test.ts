import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findings, openVisit } from './browserVisit.ts'
import { openChromium } from './chromium.ts'
import { type ServedDemo, serveDemo } from './servedDemo.ts'

let demo: ServedDemo
let browser: Browser

beforeAll(async () => {
  demo = await serveDemo([['rhoOphiuchi.gaiaDr2.ecsv', 'gaiaDr2']])
  browser = await openChromium()
}, 600_000)
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

test('a filter is built, tried on what is known, saved, followed by its snippet address, and deleted', async () => {
  const { page, complaints } = await openVisit(browser, `${demo.url}/#/subscriptions`)
  await page.getByRole('status').getByText('of 6 stars pass now').waitFor()
  await page.getByLabel('Probability above').fill('0.2')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect.poll(() => page.getByLabel('Conditions').inputValue()).toBe('young > 0.2')
  await page.getByLabel('Kind of condition').selectOption('median')
  await page.getByLabel('Value').fill('100')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect.poll(() => page.getByLabel('Conditions').inputValue()).toBe('young > 0.2 and median(age) < 100 Myr')
  const preview = await fetch(`${demo.url}/v1/filters/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ where: 'young > 0.2 and median(age) < 100 Myr', moc: null, watchlist: [] }),
  })
  const { matched } = (await preview.json()) as { matched: number }
  await expect.poll(() => page.locator('.headline .big').innerText()).toBe(String(matched))
  await page.getByLabel('Name').fill('young ones')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 3, name: 'young ones' }).waitFor()
  await page.getByText('Follow it from a program').click()
  const command = await page.locator('.snippet pre').first().innerText()
  const url = /'([^']+)'/.exec(command)?.[1] ?? ''
  const gone = new AbortController()
  const events = await fetch(url, { signal: gone.signal })
  expect([events.status, events.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  gone.abort()
  await page.getByRole('button', { name: 'Delete young ones' }).click()
  await page.getByText('None yet.').waitFor()
  expect(complaints).toEqual([])
})

test('a filter that cannot be read is told, and nothing serious is found in dark and at the width of a phone', async () => {
  const { page } = await openVisit(browser, `${demo.url}/#/subscriptions?where=yuong+%3E+1`, {
    scheme: 'dark',
    widthPx: 380,
  })
  expect(await page.getByRole('alert').innerText()).toContain('yuong')
  expect(await findings(page, 'subscriptions')).toEqual([])
})

test('the model shows its calibration for each pattern, and says what falls short', async () => {
  const { page, complaints } = await openVisit(browser, `${demo.url}/#/model`)
  await page.getByRole('heading', { name: 'Coverage' }).waitFor()
  // Four classes, and the young ones together.
  expect(await page.locator('.reliability svg').count()).toBe(5)
  const measured = page.getByRole('combobox', { name: 'What is measured' })
  const short = measured.locator('option', { hasText: 'falls short' }).first()
  await measured.selectOption((await short.getAttribute('value')) ?? '')
  await page.getByRole('list', { name: 'What falls short' }).waitFor()
  expect(await findings(page, 'models')).toEqual([])
  expect(complaints).toEqual([])
})

import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PosteriorAnswer } from '../../ops/page/starAnswer.ts'
import { findings, openVisit, SLOW_MS, type VisitOptions } from './browserVisit.ts'
import { openChromium } from './chromium.ts'
import { type ServedDemo, serveDemo } from './servedDemo.ts'

const STAR = 'gaiaDr2:6049067776894321024'
let demo: ServedDemo
let browser: Browser

beforeAll(async () => {
  demo = await serveDemo([
    ['rhoOphiuchi.gaiaDr2.ecsv', 'gaiaDr2'],
    ['rhoOphiuchi.twoMass.csv', 'twoMass'],
    ['rhoOphiuchi.allWise.csv', 'allWise'],
  ])
  browser = await openChromium()
}, 600_000)
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

async function answerOf(path: string): Promise<PosteriorAnswer> {
  return (await (await fetch(`${demo.url}${path}`)).json()) as PosteriorAnswer
}

const visit = (hash: string, options: VisitOptions = {}) => openVisit(browser, `${demo.url}/${hash}`, options)

test('the star page shows what the API answers of a real star', async () => {
  const { page, complaints } = await visit(`#/star/${encodeURIComponent(STAR)}`)
  await page.getByRole('heading', { level: 1, name: STAR }).waitFor()
  await page.locator('svg.corner').waitFor()
  expect(await page.getByRole('list', { name: 'Surveys' }).innerText()).toMatch(/Gaia DR2\s+2MASS\s+AllWISE/)
  const { summaries } = await answerOf(`/v1/stars/${STAR}/posterior`)
  const av = summaries.find(({ parameter }) => parameter === 'avMag')
  const shown = await page.locator('.parameters li', { hasText: 'Extinction' }).locator('.interval strong').innerText()
  expect(Math.abs(Number(shown) - (av?.q50 ?? 0))).toBeLessThan(0.051)
  expect(await page.locator('.sed circle').count()).toBeGreaterThan(7)
  expect(complaints).toEqual([])
})

test('another prior over classes changes P(young) by the ratio of the priors, and lies in the address', async () => {
  const { classes } = await answerOf(`/v1/stars/${STAR}/posterior`)
  const weights = classes.map(({ name }) => (name === 'giant' ? 0.99 : 0.001))
  const { page } = await visit(`#/star/${STAR}?prior=${weights.join(',')}`)
  const odds = classes.map(({ probability, prior }, i) => (probability * weights[i]) / prior)
  const sum = odds.reduce((a, b) => a + b, 0)
  const young = (odds[0] + odds[1]) / sum
  const text = await page.locator('.headline .big').innerText()
  expect(Math.abs(Number(text.replace(/[<>%\s]/g, '')) / 100 - young)).toBeLessThan(0.006)
  await page.getByRole('button', { name: 'The prior of the model' }).click()
  await expect.poll(() => page.url()).not.toContain('prior=')
})

test('the history is walked with the keyboard alone, and each step has its address', async () => {
  const { page } = await visit(`#/star/${STAR}`)
  const slider = page.getByRole('slider', { name: 'Posterior' })
  await slider.waitFor()
  await slider.focus()
  expect(await page.locator('.scrub output').innerText()).toBe('3 of 3: + AllWISE')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => page.url()).toContain('step=2')
  expect(await page.locator('.scrub output').innerText()).toBe('2 of 3: + 2MASS')
  await page.keyboard.press('Home')
  await expect.poll(() => page.locator('.scrub output').innerText()).toBe('1 of 3: Gaia DR2')
})

test('a star is found from the keyboard, and one that is not known is told in a sentence', async () => {
  const { page } = await visit('')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content')
  await page.locator('.top').getByRole('searchbox').focus()
  await page.keyboard.type('Gaia DR2 6049067776894321024')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: STAR }).waitFor()
  await page.goto(`${demo.url}/#/star/nobody`)
  const alert = page.getByRole('alert')
  await alert.waitFor()
  expect(await alert.innerText()).toContain('No star is known by the id "nobody"')
})

test('the corner plot can be saved, with the files that the API offers', async () => {
  const { page } = await visit(`#/star/${STAR}?show=logAgeYr,avMag`)
  await page.locator('svg.corner').waitFor()
  expect(await page.locator('svg.corner .frame').count()).toBe(3)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'arrow' }).click()
  const path = await (await saved).path()
  expect(readFileSync(path).subarray(0, 6).toString()).toBe('ARROW1')
})

test('a model that fails is told, and the star stays on the page', async () => {
  const { page } = await visit(`#/star/${STAR}`)
  await page.route('**/ask', route =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({ status: 503, code: 'MODEL_MISSING', detail: 'This server has no model to ask.' }),
    }),
  )
  await page.getByRole('button', { name: 'What the model predicts' }).click()
  expect(await page.getByRole('alert').innerText()).toContain('no model to ask')
  await page.unroute('**/ask')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => page.locator('.sed .predicted').count(), { timeout: SLOW_MS }).toBe(10)
})

test('without a survey the new posterior stands beside the old, as the API answers the same question', async () => {
  const { page, complaints } = await visit(`#/what-if/${STAR}?without=WISE&avMag=1..3`)
  const asked = { for: 'age,avMag', given: '1<avMag<3', without: 'WISE', samples: 256 }
  const answer = await fetch(`${demo.url}/v1/stars/${STAR}/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  })
  const { answers } = (await answer.json()) as { answers: { name: string; q50: number }[] }
  const av = answers.find(({ name }) => name === 'avMag')?.q50 ?? Number.NaN
  const item = page.locator('.parameters li', { hasText: 'Extinction' })
  await item.locator('.was').waitFor()
  const shown = Number(await item.locator('.interval strong').first().innerText())
  expect(shown).toBeGreaterThan(1)
  expect(shown).toBeLessThan(3)
  expect(Math.abs(shown - av)).toBeLessThan(0.3)
  expect(await page.getByRole('checkbox', { name: 'WISE' }).isChecked()).toBe(false)
  expect(await findings(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('a survey is switched off and a bound is set with the keyboard, and both lie in the address', async () => {
  const { page } = await visit(`#/what-if/${STAR}`)
  await page.getByRole('checkbox', { name: '2MASS' }).focus()
  await page.keyboard.press('Space')
  await expect.poll(() => page.url()).toContain('without=2MASS')
  await page.getByLabel('What is known of Distance').selectOption('between')
  await expect.poll(() => decodeURIComponent(page.url())).toMatch(/distancePc=\d+\.\.\d+/)
  const before = page.url()
  await page.getByRole('slider', { name: 'Highest Distance' }).focus()
  for (let k = 0; k < 20; k++) await page.keyboard.press('ArrowRight')
  await expect.poll(() => page.url()).not.toBe(before)
  await expect.poll(() => page.locator('.was').count(), { timeout: SLOW_MS }).toBeGreaterThan(0)
})

test('axe-core finds nothing serious, in light and dark and at the width of a phone', async () => {
  for (const [scheme, widthPx] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 380],
  ] as const) {
    const { page } = await visit(`#/star/${STAR}`, { scheme, widthPx })
    await page.locator('svg.corner').waitFor()
    expect([scheme, widthPx, await findings(page)]).toEqual([scheme, widthPx, []])
  }
})

import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PosteriorAnswer, SpectraAnswer } from '../../ops/page/starAnswer.ts'
import { spectrumFixture } from '../streams/spectra/spectraContents.ts'
import { findings, openVisit, type VisitOptions } from './browserVisit.ts'
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
    [spectrumFixture('xpStars.gaiaDr3.csv'), 'gaiaDr3'],
    [spectrumFixture('xpStars.csv.gz'), 'spectra'],
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

test('the corner plot follows the history, with the newest beside it; samples that are lost are told', async () => {
  const { page } = await visit(`#/star/${STAR}?show=logAgeYr,avMag`)
  await page.locator('svg.corner').waitFor()
  expect(await page.locator('svg.corner .before').count()).toBe(0)
  await page.getByRole('button', { name: 'Earlier posterior' }).click()
  await page.getByRole('img', { name: /posterior 2 beside the newest/ }).waitFor()
  expect(await page.locator('.cornerNote').innerText()).toContain('Posterior 2 of 3 (Gaia DR2, 2MASS)')
  expect(await page.locator('svg.corner .before').count()).toBe(3)
  await page.route('**/posterior?index=*', route =>
    route.fulfill({
      status: 404,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        status: 404,
        code: 'SAMPLES_UNKNOWN',
        detail: 'The samples are not in the log any more.',
      }),
    }),
  )
  await page.getByRole('button', { name: 'Earlier posterior' }).click()
  await page.getByText('The samples of posterior 1 are not there any more').waitFor()
  expect(await page.locator('svg.corner .stripe').count()).toBe(4)
  await page.getByRole('button', { name: 'Later posterior' }).click()
  await page.getByRole('button', { name: 'Later posterior' }).click()
  await expect.poll(() => page.locator('.cornerNote').count()).toBe(0)
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

test('the posterior is saved in every format of the API, and the plots as pictures that any program can draw', async () => {
  const { page, complaints } = await visit(`#/star/${STAR}?show=logAgeYr,avMag`)
  await page.locator('svg.corner').waitFor()
  expect(await page.locator('svg.corner .frame').count()).toBe(3)
  const save = async (button: string) => {
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: button, exact: true }).click()
    const file = await saved
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
  }
  const begins = { JSON: '{"posteriorId"', Arrow: 'ARROW1', Parquet: 'PAR1', VOTable: '<?xml', FITS: 'SIMPLE  =' }
  for (const [format, begin] of Object.entries(begins)) {
    const { bytes } = await save(format)
    expect([format, bytes.subarray(0, begin.length).toString()]).toEqual([format, begin])
  }
  for (const title of ['Corner plot', 'Energy distribution']) {
    const { name, bytes } = await save(title)
    expect(name).toMatch(/^gaiaDr2-6049067776894321024-(?:corner|sed)\.svg$/)
    // Drawn as a picture, which has no style sheet and no script of the page.
    const colours = await page.evaluate(`new Promise((resolve, reject) => {
      const picture = new Image()
      picture.onerror = reject
      picture.onload = () => {
        const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height })
        const context = canvas.getContext('2d')
        context.drawImage(picture, 0, 0)
        resolve(new Set(new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)
      }
      picture.src = 'data:image/svg+xml;base64,${bytes.toString('base64')}'
    })`)
    expect(colours).toBeGreaterThan(20)
  }
  expect(complaints).toEqual([])
})

test('the spectrum of a star is drawn pixel by pixel, and is saved as a picture', async () => {
  const { page, complaints } = await visit('#/star/gaiaDr3:50613303365338088')
  const drawn = page.getByRole('img', { name: /^Spectrum of gaiaDr3:50613303365338088 by Gaia XP/ })
  await drawn.waitFor()
  const answer = await fetch(`${demo.url}/v1/stars/gaiaDr3:50613303365338088/spectra`)
  const { spectra } = (await answer.json()) as SpectraAnswer
  const [{ wavelengthNm }] = spectra[0].segments
  expect([wavelengthNm[0], wavelengthNm.at(-1)]).toEqual([336, 1020])
  const path = (await drawn.locator('.curve').getAttribute('d')) ?? ''
  expect(path.split(/[ML]/).length - 1).toBe(wavelengthNm.length)
  expect(await page.locator('.oneSpectrum figcaption').innerText()).toContain('343 pixels')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'SVG', exact: true }).click()
  expect((await saved).suggestedFilename()).toBe('gaiaDr3-50613303365338088-gaiaXp.svg')
  expect(await findings(page, 'spectrum')).toEqual([])
  expect(complaints).toEqual([])
})

interface Calibration {
  readonly model: string
  readonly patterns: readonly {
    readonly parameters: readonly { readonly coverage: readonly { level: number; covered: number }[] }[]
    readonly classes: readonly object[]
  }[]
}

test('a second model stands beside the first, with the differences of their calibration, and the domain gap is told', async () => {
  const { page, complaints } = await visit('#/model')
  await page.getByText('No other is published').waitFor()
  await page.locator('summary', { hasText: 'Pleiades' }).first().waitFor()
  const { models } = (await (await fetch(`${demo.url}/v1/models`)).json()) as { models: object[] }
  const answer = await fetch(`${demo.url}/v1/model/calibration`)
  const calibration = (await answer.json()) as Calibration
  const found = calibration.patterns[0].parameters[0].coverage.find(({ level }) => Math.abs(level - 0.68) < 1e-6)
  if (found === undefined) throw new Error('the calibration has no 68%')
  const mine = found.covered
  found.covered -= 0.1
  const other = { name: 'next', model: 'abcd', publishedAt: null, isInForce: false, hasCalibration: true }
  await page.route('**/v1/models', route =>
    route.fulfill({ json: { inForce: calibration.model, models: [...models, other] } }),
  )
  await page.route('**/calibration?model=abcd', route => route.fulfill({ json: { ...calibration, model: 'abcd' } }))
  await page.reload()
  await page.getByLabel('beside').selectOption('abcd')
  await expect.poll(() => page.url()).toContain('beside=abcd')
  const row = page.locator('.coverage tbody tr').first()
  await expect.poll(() => row.locator('td').count()).toBe(6)
  const cells = await row.locator('td').allInnerTexts()
  expect(cells[0]).toContain((100 * mine).toFixed(1))
  expect(cells[2]).toBe('−10.0')
  expect(await page.locator('.reliability .before').count()).toBe(calibration.patterns[0].classes.length)
  await page.setViewportSize({ width: 380, height: 900 })
  expect(await findings(page, 'models')).toEqual([])
  expect(complaints).toEqual([])
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
  await expect.poll(() => page.locator('.sed .predicted title').count()).toBe(10)
  expect(page.url()).toContain('predict=yes')
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
  expect(await findings(page, 'whatIf')).toEqual([])
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
  await expect.poll(() => page.locator('.was').count()).toBeGreaterThan(0)
})

test('axe-core finds nothing serious, in light and dark and at the width of a phone', async () => {
  for (const [scheme, widthPx] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 380],
  ] as const) {
    const { page } = await visit(`#/star/${STAR}`, { scheme, widthPx })
    await page.locator('svg.corner').waitFor()
    expect([scheme, widthPx, await findings(page, 'star')]).toEqual([scheme, widthPx, []])
  }
})

test('a slider that is moved draws the answer to where it rests, and the time it takes is told', async () => {
  const { page, complaints } = await visit(`#/what-if/${STAR}?distancePc=130..140`)
  await page.locator('.was').first().waitFor()
  const asked: string[] = []
  page.on('request', request => {
    if (request.url().endsWith('/ask')) asked.push(String(request.postDataJSON().given))
  })
  // Moves to and fro as a hand does, twenty times in a third of a second, then waits for the picture of the last place.
  const { times, most } = (await page.evaluate(`new Promise(async resolve => {
    let [open, most] = [0, 0]
    const { fetch } = window
    window.fetch = async (...args) => {
      most = Math.max(most, ++open)
      try {
        return await fetch(...args)
      } finally {
        open--
      }
    }
    const slider = document.querySelector('input[aria-label="Highest Distance"]')
    const notes = document.querySelector('.note[aria-busy]')
    const times = []
    for (let turn = 0; turn < 3; turn++) {
      const from = Number(slider.value)
      let released = 0
      for (let k = 1; k <= 20; k++) {
        slider.value = String(from + 0.005 * (k === 20 ? 4 : k % 4))
        slider.dispatchEvent(new Event('input', { bubbles: true }))
        released = performance.now()
        await new Promise(requestAnimationFrame)
      }
      while (notes.getAttribute('aria-busy') !== 'false') await new Promise(requestAnimationFrame)
      times.push(performance.now() - released)
    }
    resolve({ times, most })
  })`)) as { readonly times: number[]; readonly most: number }
  const last = new URLSearchParams(page.url().split('?')[1]).get('distancePc')?.split('..')[1]
  await expect.poll(() => asked.at(-1)).toContain(`<${last}`)
  // One at a time, however fast or slow the server is.
  expect(most).toBe(1)
  const text = await page.locator('.note[aria-busy]').innerText()
  console.log(
    `what if: ${times.map(time => time.toFixed(0)).join(', ')} ms from release to picture, ${asked.length} questions of 60 moves; ${text}`,
  )
  expect(complaints).toEqual([])
})

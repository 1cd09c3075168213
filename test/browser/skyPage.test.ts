import { tableFromIPC } from 'apache-arrow'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ColumnTableWriter } from '../../schemas/index.ts'
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

test('the sky shows the stars that are known, and a filter leaves those that the API leaves', async () => {
  const { page, complaints } = await openVisit(browser, `${demo.url}/#/sky`)
  await page.getByText('6 of 6 stars').waitFor()
  expect(await page.locator('.panel canvas').count()).toBe(4)
  await page.getByRole('textbox', { name: 'Filter' }).fill('median(av) > 3 mag')
  await page.keyboard.press('Enter')
  const answer = await fetch(`${demo.url}/v1/sky?where=${encodeURIComponent('median(av) > 3 mag')}`)
  const { numRows } = tableFromIPC(new Uint8Array(await answer.arrayBuffer()))
  await (numRows === 0 ? page.getByText('No star passes') : page.getByText(`${numRows} of ${numRows} stars`)).waitFor()
  expect(decodeURIComponent(page.url())).toContain('where=median')
  expect(complaints).toEqual([])
})

test('a filter that cannot be read is told in the words of the server', async () => {
  const { page } = await openVisit(browser, `${demo.url}/#/sky?where=yuong+%3E+0.9`)
  expect(await page.getByRole('alert').innerText()).toContain('yuong')
})

test('what is selected in one panel is selected in all, by keys too, and a star of it leads to its page', async () => {
  const { page } = await openVisit(browser, `${demo.url}/#/sky`)
  const panel = page.getByRole('application', { name: /^Temperature and luminosity/ })
  await panel.focus()
  for (let k = 0; k < 6; k++) await page.keyboard.press('+')
  for (let k = 0; k < 4; k++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.url()).toContain('in-hr=')
  const box = new URLSearchParams(page.url().split('?')[1]).get('in-hr')?.split(',').map(Number) ?? []
  const table = tableFromIPC(new Uint8Array(await (await fetch(`${demo.url}/v1/sky`)).arrayBuffer()))
  const inside = table.toArray().filter(({ logTeffK, logLuminosityLsun }) => {
    const [x, y] = [-logTeffK, logLuminosityLsun]
    return x >= box[0] && x <= box[1] && y >= box[2] && y <= box[3]
  })
  await page.getByText(`${inside.length} of 6 stars in the selection`).waitFor()
  await panel.focus()
  await page.keyboard.press('Escape')
  await page.getByText('6 of 6 stars').waitFor()
  await page.getByRole('row').nth(1).getByRole('link').click()
  await page.getByRole('heading', { level: 1, name: /^gaiaDr2:/ }).waitFor()
})

test('what is in sight lies in the address, and back and forward go through it', async () => {
  const { page } = await openVisit(browser, `${demo.url}/#/sky`)
  await page.getByText('6 of 6 stars').waitFor()
  const seen = () => new URLSearchParams(page.url().split('?')[1]).get('at-plane')
  const panel = page.getByRole('application', { name: /^Galactic plane/ })
  const marks = () => panel.locator('.tick').allInnerTexts()
  const home = await marks()
  await page.getByRole('button', { name: 'Zoom into Galactic plane' }).click()
  await expect.poll(seen).not.toBeNull()
  const [first, near] = [seen(), await marks()]
  expect(near).not.toEqual(home)
  await panel.focus()
  for (let k = 0; k < 3; k++) await page.keyboard.press('ArrowRight')
  await expect.poll(seen).not.toBe(first)
  await page.goBack()
  await expect.poll(marks).toEqual(near)
  expect(seen()).toBe(first)
  await page.goBack()
  await expect.poll(marks).toEqual(home)
  expect(seen()).toBeNull()
  await page.goForward()
  await expect.poll(marks).toEqual(near)
  const { page: other } = await openVisit(browser, page.url())
  const same = other.getByRole('application', { name: /^Galactic plane/ }).locator('.tick')
  await expect.poll(() => same.allInnerTexts()).toEqual(near)
})

test('axe-core finds nothing serious in the sky, in dark and at the width of a phone', async () => {
  for (const [scheme, widthPx] of [
    ['dark', 1280],
    ['light', 380],
  ] as const) {
    const { page } = await openVisit(browser, `${demo.url}/#/sky?colour=class`, { scheme, widthPx })
    await page.getByText('6 of 6 stars').waitFor()
    expect([scheme, widthPx, await findings(page, 'sky')]).toEqual([scheme, widthPx, []])
  }
})

test('a million stars are moved and drawn anew', async () => {
  const { page } = await openVisit(browser, `${demo.url}/#/star`)
  const stars = millionStars(1_000_000)
  await page.route('**/v1/sky*', route =>
    route.fulfill({ contentType: 'application/vnd.apache.arrow.file', body: Buffer.from(stars) }),
  )
  await page.goto(`${demo.url}/#/sky`)
  await page.getByText('1\u202f000\u202f000 of 1\u202f000\u202f000 stars').waitFor()
  const panel = page.getByRole('application', { name: /^Galactic plane/ })
  await panel.focus()
  const before = await panel.locator('canvas').screenshot()
  const measured = await page.evaluate(`new Promise(resolve => {
    const panel = document.activeElement
    const times = []
    let drawn = 0
    const put = CanvasRenderingContext2D.prototype.putImageData
    CanvasRenderingContext2D.prototype.putImageData = function (...args) {
      drawn++
      return put.apply(this, args)
    }
    const turn = at => {
      times.push(at)
      if (times.length > 30) return resolve({ drawn, frames: times.slice(1).map((time, k) => time - times[k]) })
      panel.dispatchEvent(new KeyboardEvent('keydown', { key: times.length % 2 ? 'ArrowLeft' : '+', bubbles: true }))
      requestAnimationFrame(turn)
    }
    requestAnimationFrame(turn)
  })`)
  const { drawn, frames } = measured as { readonly drawn: number; readonly frames: number[] }
  const sorted = [...frames].sort((a, b) => a - b)
  console.log(`a million stars: drawn ${drawn} times in 30 frames, of ${sorted[15].toFixed(0)} ms in the median`)
  // Far above what it takes on a free machine: that it is drawn at all, and does not take seconds.
  expect(sorted[15]).toBeLessThan(2000)
  expect(drawn).toBeGreaterThan(5)
  expect(Buffer.compare(before, await panel.locator('canvas').screenshot())).not.toBe(0)
}, 300_000)

/** Stars that are only points, spread by a rule, as /v1/sky sends them. */
function millionStars(count: number): Uint8Array {
  const float = (name: string) => ({ name, type: 'float', unit: null, description: name }) as const
  const names = [
    'youngProbability',
    'logAgeYr',
    'avMag',
    'logTeffK',
    'logLuminosityLsun',
    'logDistancePc',
    'gMag',
    'bpRpMag',
  ]
  const writer = new ColumnTableWriter(
    [
      { name: 'starId', type: 'text', unit: null, description: 'id' },
      { name: 'raDeg', type: 'double', unit: 'deg', description: 'ra' },
      { name: 'decDeg', type: 'double', unit: 'deg', description: 'dec' },
      { name: 'className', type: 'words', unit: null, description: 'class', words: ['giant', 'youngDisk'] },
      ...names.map(float),
    ],
    new Map([['total', String(count)]]),
  )
  const turn = (i: number, step: number) => (i * step) % 1
  for (let first = 0; first < count; first += 50_000) {
    const rows = Array.from({ length: Math.min(50_000, count - first) }, (_, k) => first + k)
    const spread = (step: number, low: number, high: number) =>
      Float32Array.from(rows, i => low + (high - low) * turn(i, step))
    writer.write(
      {
        starId: rows.map(i => `gaiaDr3:${i}`),
        raDeg: Float64Array.from(rows, i => 360 * turn(i, 0.618034)),
        decDeg: Float64Array.from(rows, i => (Math.asin(2 * turn(i, 0.7548777) - 1) * 180) / Math.PI),
        className: Uint8Array.from(rows, i => i % 2),
        youngProbability: spread(0.5698403, 0, 1),
        logAgeYr: spread(0.8191725, 6, 10),
        avMag: spread(0.6710436, 0, 5),
        logTeffK: spread(0.5497005, 3.4, 4.2),
        logLuminosityLsun: spread(0.8566749, -3, 4),
        logDistancePc: spread(0.7338918, 1, 3.5),
        gMag: spread(0.6287067, 5, 20),
        bpRpMag: spread(0.5385973, -0.5, 4),
      },
      rows.length,
    )
  }
  return writer.finish()
}

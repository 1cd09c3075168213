import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { fullToken } from '../../../ops/server/accessToken.ts'
import { addPageRoutes } from '../../../ops/server/pageRoutes.ts'
import { buildServer } from '../../../ops/server/server.ts'
import { packageFile } from '../../../schemas/index.ts'
import { openTemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'

const HTML = { accept: 'text/html,*/*' }

async function build(tokens: readonly string[] = []) {
  const temporary = await openTemporaryLog()
  const app = await buildServer({
    ...smallServerParts(temporary.log),
    access: { tokens: tokens.map(fullToken), health: 'open' },
  })
  onTestFinished(async () => {
    await app.close()
    await temporary.remove()
  })
  return app
}

test('a browser gets the page, with a policy that lets in nothing from elsewhere; a program gets JSON', async () => {
  const app = await build()
  const page = await app.inject({ url: '/', headers: HTML })
  expect(page.headers['content-type']).toContain('text/html')
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'; script-src 'self'")
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  expect((await app.inject('/')).json().name).toBe('birthline')
})

test('the first load is under 300 kB as it is sent, and names no other host', async () => {
  const app = await build()
  const headers = { ...HTML, 'accept-encoding': 'br' }
  const page = await app.inject({ url: '/', headers })
  const html = brotliDecompressSync(page.rawPayload).toString()
  let sizeBytes = page.rawPayload.length
  const names = Array.from(html.matchAll(/(?:src|href)="\.(\/assets\/[^"]+)"/g), match => match[1])
  expect(names.length).toBeGreaterThan(1)
  for (const url of names) {
    const asset = await app.inject({ url, headers })
    expect([url, asset.statusCode, asset.headers['content-encoding']]).toEqual([url, 200, 'br'])
    expect(asset.headers['cache-control']).toContain('immutable')
    sizeBytes += asset.rawPayload.length
    const text = brotliDecompressSync(asset.rawPayload).toString()
    const hosts = Array.from(text.matchAll(/https?:\/\/[\w.]+/g), match => match[0])
    expect([url, hosts.filter(host => !host.endsWith('www.w3.org'))]).toEqual([url, []])
  }
  expect(sizeBytes).toBeLessThan(300_000)
  expect(html).not.toMatch(/https?:\/\//)
})

test('the page needs no token, what it shows does', async () => {
  const app = await build(['a-token-of-enough-characters-0123456789'])
  expect((await app.inject({ url: '/', headers: HTML })).statusCode).toBe(200)
  expect((await app.inject('/')).statusCode).toBe(401)
  expect((await app.inject({ url: '/v1/quantities', headers: HTML })).statusCode).toBe(401)
})

test('a file that is kept is not sent again, a name that is not there is a 404, and no path leads out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-page-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'assets', 'a.js'), 'let a = 1')
  await writeFile(join(folder, 'secret.js'), 'let b = 2')
  const app = fastify()
  onTestFinished(() => app.close())
  addPageRoutes(app, '1', folder)
  const first = await app.inject('/assets/a.js')
  expect(first.body).toBe('let a = 1')
  const zipped = await app.inject({ url: '/assets/a.js', headers: { 'accept-encoding': 'gzip' } })
  expect(gunzipSync(zipped.rawPayload).toString()).toBe('let a = 1')
  const again = await app.inject({ url: '/assets/a.js', headers: { 'if-none-match': String(first.headers.etag) } })
  expect([again.statusCode, again.body]).toEqual([304, ''])
  for (const url of ['/assets/b.js', '/assets/..%2Fsecret.js', '/assets/../secret.js', '/secret.js']) {
    expect([url, (await app.inject(url)).statusCode]).toEqual([url, 404])
  }
  // Not built yet: machines are answered as ever.
  expect((await app.inject({ url: '/', headers: HTML })).json().name).toBe('birthline')
  expect(packageFile('dist', 'page')).toContain('page')
})

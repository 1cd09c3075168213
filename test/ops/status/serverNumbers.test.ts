import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { fullToken } from '../../../ops/server/accessToken.ts'
import { startServer } from '../../../ops/server/server.ts'
import { loadConfig } from '../../../ops/settings/config.ts'
import { parseMetrics, quantileOf, readServerNumbers, sampleOf } from '../../../ops/status/serverNumbers.ts'
import { smallServerParts } from '../server/smallServer.ts'
import { openTemporaryLog } from '../starRecords.ts'

const TOKEN = 'a-token-of-sixteen-characters-or-more'
const configOf = (env: Readonly<Record<string, string>>) => loadConfig({ flags: {}, env, workingFolder: '.' })

test('labels with quotes and commas are read as they were written', () => {
  const numbers = parseMetrics('# HELP a b\na{file="x \\"y\\", z.csv",kind="k"} 0.5\nb 3\nc{le="+Inf"} NaN\n')
  expect(sampleOf(numbers, 'a', { kind: 'k' })).toBe(0.5)
  expect(numbers.get('a')?.[0].labels).toEqual({ file: 'x "y", z.csv', kind: 'k' })
  expect([sampleOf(numbers, 'b'), sampleOf(numbers, 'b', { no: 'x' }), sampleOf(numbers, 'absent')]).toEqual([
    3,
    null,
    null,
  ])
})

test('a quantile is the upper edge of its bucket, infinite beyond the last one, and null of nothing', () => {
  const buckets = (a: number, b: number, all: number) =>
    parseMetrics(`h_bucket{le="0.1"} ${a}\nh_bucket{le="0.5"} ${b}\nh_bucket{le="+Inf"} ${all}\n`)
  expect(quantileOf(buckets(50, 99, 100), 'h', 0.5)).toBe(0.1)
  expect(quantileOf(buckets(50, 99, 100), 'h', 0.99)).toBe(0.5)
  expect(quantileOf(buckets(50, 98, 100), 'h', 0.99)).toBe(Number.POSITIVE_INFINITY)
  expect(quantileOf(buckets(0, 0, 0), 'h', 0.5)).toBeNull()
})

test('a server that asks for a token answers whoever has it', async () => {
  const temporary = await openTemporaryLog()
  const parts = { ...smallServerParts(temporary.log), access: { tokens: [fullToken(TOKEN)], health: 'open' as const } }
  const server = await startServer(parts, '127.0.0.1', 0)
  onTestFinished(async () => {
    await server.close()
    await temporary.remove()
  })
  const BIRTHLINE_HTTP_PORT = new URL(server.url).port
  expect(await readServerNumbers(configOf({ BIRTHLINE_HTTP_PORT }))).toBeNull()
  const numbers = await readServerNumbers(configOf({ BIRTHLINE_HTTP_PORT, BIRTHLINE_HTTP_TOKENS: TOKEN }))
  expect(sampleOf(numbers, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
  // Of a server that listens everywhere, this machine is asked.
  const everywhere = { BIRTHLINE_HTTP_PORT, BIRTHLINE_HTTP_TOKENS: TOKEN, BIRTHLINE_HTTP_HOST: '0.0.0.0' }
  expect(await readServerNumbers(configOf(everywhere))).not.toBeNull()
})

test('nobody, another program, and one that never answers are all no server', async () => {
  expect(await readServerNumbers(configOf({ BIRTHLINE_HTTP_PORT: '1' }))).toBeNull()
  for (const answer of ['hello', null]) {
    const other = createServer((_request, response) => {
      if (answer !== null) response.end(answer)
    })
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      other.closeAllConnections()
      other.close()
    })
    const { port } = other.address() as AddressInfo
    expect(await readServerNumbers(configOf({ BIRTHLINE_HTTP_PORT: String(port) }))).toBeNull()
  }
})

// Requests that another program makes up from our own description of the API, right and wrong ones: what is answered must be
// what the description says, and never a fault of the server.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startServer } from '../../../ops/server/server.ts'
import { countingModel } from '../../ops/server/countingModel.ts'
import { smallServerParts } from '../../ops/server/smallServer.ts'
import {
  BIG_ID,
  makePosterior,
  makeStar,
  openTemporaryLog,
  posteriorOutputs,
  starOutputs,
} from '../../ops/starRecords.ts'
import { openPackages } from '../documentPrograms.ts'

const SCHEMATHESIS = 'schemathesis==4.32.5'
const SEED = 1
const PER_ROUTE = 25

/** Left out are streams, which have no end to wait for, and cone search, which tells what is wrong with 200 as its standard wants. */
const settings = `
[checks]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 422, 429]

# Behind the star that is there.
[[operations]]
include-path-regex = "^/v1/stars/.+/.+"
parameters = { "path.id" = "gaiaDr3:${BIG_ID}" }

[[operations]]
include-path-regex = "^/(compatibility/subjects|subjects|config)/"
parameters = { "path.subject" = "posteriors-value" }
`

test('whatever Schemathesis makes up is answered as the description says, and without a fault of the server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthline-hostile-'))
  const temporary = await openTemporaryLog()
  const faults: unknown[] = []
  const outputs = [...starOutputs(makeStar(BIG_ID)), ...posteriorOutputs(makePosterior(`gaiaDr3:${BIG_ID}`, 0.9))]
  await temporary.log.transact({ outputs })
  const parts = { ...smallServerParts(temporary.log), questions: countingModel([]) }
  const limits = { ...parts.limits, requestsPerMinute: 1_000_000 }
  const server = await startServer({ ...parts, limits, report: fault => faults.push(fault) }, '127.0.0.1', 0)
  onTestFinished(async () => {
    await server.close()
    await temporary.remove()
    rmSync(folder, { recursive: true, force: true })
  })
  const python = openPackages(join(folder, 'python'), [SCHEMATHESIS])
  writeFileSync(join(folder, 'schemathesis.toml'), settings)
  const checks = [
    ...['not_a_server_error', 'status_code_conformance', 'content_type_conformance'],
    ...['response_headers_conformance', 'response_schema_conformance', 'negative_data_rejection'],
  ]
  const args = [
    ...['run', `${server.url}/openapi.json`, '--no-color'],
    ...['--phases', 'coverage,fuzzing', '--max-examples', String(PER_ROUTE), '--seed', String(SEED)],
    ...['--exclude-path-regex', '(stream|events|socket|conesearch)$', '--continue-on-failure'],
    ...['--checks', checks.join(',')],
  ]
  const child = spawn(join(dirname(python), 'schemathesis'), args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', bytes => {
    said += bytes
  })
  child.stderr.on('data', bytes => {
    said += bytes
  })
  const [code] = await once(child, 'close')
  expect(faults).toEqual([])
  expect(code, said.slice(-20_000)).toBe(0)
  expect(Number(/(\d+) generated/.exec(said)?.[1])).toBeGreaterThan(1000)
}, 900_000)

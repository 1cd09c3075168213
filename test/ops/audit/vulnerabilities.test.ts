import { expect, test } from 'vitest'
import { readAnswer } from '../../../ops/audit/vulnerabilities.ts'

const answered = (severities: Readonly<Record<string, string>>) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      Object.entries(severities).map(([name, severity]) => [name, { severity, range: '<2' }]),
    ),
    metadata: { vulnerabilities: { low: 1, high: Object.keys(severities).length } },
  })

test('what is high or critical is grave, what is less is counted', () => {
  const answer = readAnswer(answered({ a: 'high', b: 'moderate', c: 'critical' }))
  expect(answer).toMatchObject({ kind: 'answered', counts: { low: 1 } })
  expect(answer.kind === 'answered' && answer.grave).toEqual([
    ...['a <2 has a vulnerability that is high', 'c <2 has a vulnerability that is critical'],
  ])
  expect(readAnswer(answered({}))).toMatchObject({ kind: 'answered', grave: [] })
})

test('a registry without the endpoint, none at all, and what is no JSON are told from an answer without findings', () => {
  const refused = { message: '405 Method Not Allowed - POST https://registry.example/audit', statusCode: 405 }
  expect(readAnswer(JSON.stringify(refused))).toEqual({ kind: 'unanswered', reason: 'it answered 405' })
  const nobody = {
    message: 'request failed - GET https://registry.example',
    error: { code: 'ECONNREFUSED', summary: '' },
  }
  expect(readAnswer(JSON.stringify(nobody))).toEqual({ kind: 'unanswered', reason: 'it answered ECONNREFUSED' })
  for (const text of ['', '<html>', 'null', '{}']) expect(readAnswer(text).kind).toBe('unanswered')
})

import { expect, test } from 'vitest'
import { parseSource } from '../../schemas/cellReader.ts'
import { isProbeSource, isProbeStar, PROBE_FILE, PROBE_SURVEY, probeSource } from '../../schemas/index.ts'
import { readSurvey } from '../../schemas/surveys.ts'

test('a probe is known by its source and by its star, and its survey takes the name as it is', () => {
  const source = probeSource('1a2b3c4d5e6f-0')
  expect(parseSource(readSurvey(PROBE_SURVEY), source)?.source).toBe(source)
  expect([isProbeSource(source), isProbeStar(`${PROBE_SURVEY}:${source}`)]).toEqual([true, true])
  for (const id of ['03470000+2407120', 'birthline', '']) {
    expect([isProbeSource(id), isProbeStar(`${PROBE_SURVEY}:${id}`)]).toEqual([false, false])
  }
  // The same words in another survey are another star.
  expect(isProbeStar(`allWise:${source}`)).toBe(false)
})

test('no file has the name that the rows of probes stand under', () => {
  expect(PROBE_FILE).toContain('/')
})

import { expect, test } from 'vitest'
import { lostSamples } from '../../../ops/stars/lostSamples.ts'
import { makePosterior } from '../starRecords.ts'

test('samples that the topic has lost are told in a sentence that names the star', () => {
  expect(lostSamples(makePosterior('gaiaDr3:1', 0.5))).toMatch(/^The samples of star gaiaDr3:1 are .*\.$/)
})

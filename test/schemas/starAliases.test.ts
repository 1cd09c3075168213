import { expect, test } from 'vitest'
import { aliasesOf, possibleAliases, splitSurvey } from '../../schemas/index.ts'
import { makeStar } from '../ops/starRecords.ts'

test('an id names its survey, or stands for every survey that has such ids', () => {
  expect(splitSurvey('gaiaDr3:7')).toEqual(['gaiaDr3', '7'])
  expect(splitSurvey('gaiaDr3 7')).toEqual(['gaiaDr3', '7'])
  expect(splitSurvey('nothing:7')).toBeNull()
  expect(possibleAliases('Gaia DR3 7')).toContain('gaiaDr3:7')
  expect(possibleAliases('twoMass:03471353+2342518')).toEqual(['twoMass:03471353+2342518'])
})

test('a star goes by its own id, and by those of all its sources', () => {
  const star = makeStar('gaiaDr3:7')
  const sources = ['8', '9007199254740993'].map(source => ({ ...star.sources[0], survey: 'twoMass', source }))
  expect(aliasesOf({ ...star, sources })).toEqual([star.starId, 'twoMass:8', 'twoMass:9007199254740993'])
})

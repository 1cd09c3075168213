import { expect, test } from 'vitest'
import { possibleAliases, splitSurvey } from '../../schemas/index.ts'

test('an id names its survey, or stands for every survey that has such ids', () => {
  expect(splitSurvey('gaiaDr3:7')).toEqual(['gaiaDr3', '7'])
  expect(splitSurvey('gaiaDr3 7')).toEqual(['gaiaDr3', '7'])
  expect(splitSurvey('nothing:7')).toBeNull()
  expect(possibleAliases('Gaia DR3 7')).toContain('gaiaDr3:7')
  expect(possibleAliases('twoMass:03471353+2342518')).toEqual(['twoMass:03471353+2342518'])
})

import { expect, test } from 'vitest'
import { givenOf, levers, placeOf, readSetting, valueAt, writeSetting } from '../../../ops/page/givenText.ts'
import { readQuestion } from '../../../ops/questions/questionText.ts'

test('what the levers say is understood as a question, and comes back from the address', () => {
  for (const lever of levers) {
    for (const setting of [
      { kind: 'about', value: 3, err: 0.5 },
      { kind: 'between', low: 1, high: 20 },
    ] as const) {
      expect(readSetting(writeSetting(setting))).toEqual(setting)
      const { conditions } = readQuestion({ asked: 'mass', given: givenOf(lever, setting) })
      expect(conditions).toHaveLength(1)
      expect(conditions[0]).toMatchObject(
        setting.kind === 'about'
          ? { name: lever.name, kind: 'measured', value: 3, err: 0.5 }
          : { name: lever.name, kind: 'within', low: 1, high: 20 },
      )
    }
  }
})

test('an address without sense is no setting', () => {
  for (const text of [undefined, '', '5', '5..1', '5±0', 'a±b']) expect(readSetting(text)).toBeNull()
})

test('a slider goes to a value and back within its step', () => {
  for (const lever of levers) {
    for (const place of [0, 0.25, 0.5, 1]) expect(placeOf(lever, valueAt(lever, place))).toBeCloseTo(place, 2)
  }
})

import { expect, test } from 'vitest'
import { readAddress, writeAddress } from '../../../ops/page/address.ts'

test('what an address is written from is read back from it, whatever a star is called', () => {
  for (const id of ['gaiaDr3:12', '2MASS J03464081+2431513', 'a/b?c#d&e=100%', 'ρ Oph']) {
    const hash = writeAddress('star', id, { step: 2, show: 'a,b', prior: null, note: '' })
    const { view, subject, params } = readAddress(hash)
    expect([view, subject, Object.fromEntries(params)]).toEqual(['star', id, { step: '2', show: 'a,b' }])
  }
})

test('an address that was typed by hand is read as far as it goes', () => {
  expect(readAddress('').view).toBe('')
  expect(readAddress('#/star/100%').subject).toBe('100%')
  expect(readAddress('#star/a').view).toBe('star')
})

import { expect, test } from 'vitest'
import { findJava, findMaven } from '../../../ops/kafka/javaTools.ts'

test('a missing Java or Maven is told in one sentence with what to do', () => {
  expect(() => findJava('nowhere')).toThrow(/needs Java 17 or newer, and nowhere.*does not run; install one/)
  expect(() => findMaven('test')).toThrow(/brought by Maven, and test.*does not run; install it/)
})

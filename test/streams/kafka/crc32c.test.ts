import { expect, test } from 'vitest'
import { crc32c } from '../../../streams/kafka/crc32c.ts'

// Source: RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms.
for (const [what, bytes, expected] of [
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['nothing', new Uint8Array(), 0],
] as const) {
  test(`the checksum of ${what}`, () => {
    expect(crc32c(bytes, 0, bytes.length)).toBe(expected)
    const framed = Uint8Array.of(1, 2, 3, ...bytes, 4)
    expect(crc32c(framed, 3, 3 + bytes.length)).toBe(expected)
  })
}

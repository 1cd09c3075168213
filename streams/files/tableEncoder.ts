// What each format implements to be written.
import type { Value } from './table.ts'

export interface TableEncoder {
  begin(): Promise<void>
  /** `cells[column][row]`, checked against the columns; every column has `count` of them. */
  append(cells: readonly (readonly Value[])[], count: number): Promise<void>
  /** All bytes are with the file afterwards. */
  finish(): Promise<void>
}

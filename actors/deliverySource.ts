// What a file of any kind is to a delivery: batches of records for the log, from where an earlier run was cut off.
import type { Delivery, FusionError } from '../schemas/index.ts'
import type { Output } from '../streams/index.ts'

export interface SourceBatch {
  readonly outputs: readonly Output[]
  /** Rows or spectra among the outputs, and dead letters of such. */
  readonly rowCount: number
  readonly badRowCount: number
  /** Where the delivery goes on after it. */
  readonly place: Pick<Delivery, 'nextRow' | 'nextByte' | 'nextLine'>
  /** True where it is known that nothing follows. */
  readonly isLast: boolean
  /** How far the file is read then. */
  readonly progress: { readonly done: number; readonly total: number | null; readonly unit: string }
}

export interface DeliverySource {
  /**
   * The same file gives the same records, however it is cut into batches.
   * @param from a delivery of it, gone on with at its next row
   * @throws FusionError FILE_UNREADABLE or RECORD_TOO_LARGE after the last readable row
   */
  batches(from: Delivery, batchRows: number | undefined): AsyncGenerator<SourceBatch, void, undefined>
  /** Known once the batches are done: why the file is not whole. It is no reason to end more than this file. */
  readonly fault: FusionError | null
  close(): Promise<void>
}

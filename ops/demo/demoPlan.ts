// What `birthline run --demo` takes in, in order of arrival, and what is known of its clusters from the literature.
import { readFileSync } from 'node:fs'
import { packageFile } from '../../schemas/index.ts'

export interface DemoCluster {
  readonly cluster: string
  readonly title: string
  /** Range of published ages, log10 of years. */
  readonly logAgeYrLow: number
  readonly logAgeYrHigh: number
  readonly ageReference: string
  readonly distancePc: number
  readonly distanceReference: string
}

export interface DemoFile {
  /** Base name in ops/demo. */
  readonly file: string
  readonly survey: string
  /** The cluster that all its stars belong to; `null` where it holds none. */
  readonly cluster: string | null
  readonly rowCount: number
  /** Rows that are malformed on purpose and become dead letters. */
  readonly refusedCount: number
  /** Base name of its column map, where its columns are not named as the survey names them. */
  readonly map?: string
}

export interface DemoPlan {
  readonly clusters: readonly DemoCluster[]
  readonly files: readonly DemoFile[]
}

export function readDemoPlan(): DemoPlan {
  return JSON.parse(readFileSync(demoFile('demo.json'), 'utf8'))
}

/** Absolute path of a file of the demo. */
export function demoFile(file: string): string {
  return packageFile('ops', 'demo', file)
}

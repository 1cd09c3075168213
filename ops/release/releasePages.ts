// What a release says of itself: README.md for people, columns.csv and provenance.json for programs.
import type { Column } from '../../streams/index.ts'

/** Where a release comes from; the same log gives the same. */
export interface Provenance {
  readonly title: string
  /** ISO 8601 day; `null` where neither the log nor the user told one. */
  readonly date: string | null
  readonly birthline: string
  /** Fingerprint of the vocabulary. */
  readonly schemas: string
  /** The filter, empty for all stars. */
  readonly where: string
  readonly starCount: number
  readonly models: readonly { readonly model: string; readonly starCount: number; readonly folder: string | null }[]
  /** Ends of the topics when the reading began: [topic, partition, offset]. */
  readonly positions: readonly (readonly [topic: string, partition: number, offset: number])[]
  /** The log went on meanwhile: some stars may be newer than the positions. */
  readonly isMoving: boolean
}

export interface ReleasePart {
  readonly path: string
  readonly what: string
}

export function columnsCsv(columns: readonly Column[]): string {
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = columns.map(({ name, type, unit, ucd, description }) =>
    [name, type, unit ?? '', ucd ?? '', description ?? ''].map(quoted).join(','),
  )
  return `${['name,type,unit,ucd,description', ...lines].join('\n')}\n`
}

/** @param example a file of the dataset */
export function readmeText(
  from: Provenance,
  parts: readonly ReleasePart[],
  columns: readonly Column[],
  example: string,
): string {
  const cell = (text: string | null) => (text ?? '').replaceAll('|', '\\|')
  return `# ${from.title}

${from.starCount} stars${from.where === '' ? '' : ` that pass \`${from.where}\``}${from.date === null ? '' : `, ${from.date}`}, written by birthline ${from.birthline}.
Each row is a star with its newest posterior: moments and quantiles of the marginal posteriors, and class probabilities.
Missing values are nulls (NaN in FITS). 64-bit numbers are exact; ids are text.

| Part | What it is |
|---|---|
${parts.map(({ path, what }) => `| \`${path}\` | ${what} |`).join('\n')}

## How to read it
\`\`\`python
import pyarrow.dataset as ds
stars = ds.dataset("catalogue/dataset", format="parquet", partitioning="hive", exclude_invalid_files=True)
young = stars.to_table(columns=["star_id", "ra", "dec", "logAgeYr_q50"], filter=ds.field("p_young") > 0.9)
\`\`\`
\`\`\`python
from astropy.table import Table
one = Table.read("catalogue/dataset/${example}")  # any of the files: units and descriptions with it
\`\`\`
\`\`\`sql
SELECT star_id, ra, dec FROM read_parquet('catalogue/dataset/*/*/*.parquet', hive_partitioning = false) WHERE p_young > 0.9;
\`\`\`
\`sha256sum -c SHA256SUMS\`, or \`birthline release check\`, tells whether every file is as it was written.

## Where it comes from
${from.models.map(({ model, starCount, folder }) => `- ${starCount} posteriors of model ${model}${folder === null ? ', whose card is not at hand' : `: \`${folder}\``}.`).join('\n')}
- Vocabulary ${from.schemas}. \`provenance.json\` has the positions in the log.${from.isMoving ? '\n- The log went on while it was read: some stars may be newer than these positions.' : ''}

## Columns
| Name | Type | Unit | UCD | Description |
|---|---|---|---|---|
${columns.map(({ name, type, unit, ucd, description }) => `| \`${name}\` | ${type} | ${cell(unit)} | ${cell(ucd)} | ${cell(description)} |`).join('\n')}
`
}

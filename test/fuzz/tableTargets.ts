// Every reader of tables, and the texts that tell how tables are to be read.
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { loadConfig } from '../../ops/settings/config.ts'
import { packageFile } from '../../schemas/index.ts'
import { bindColumnMap, parseColumnMap } from '../../streams/files/columnMap.ts'
import { parseTableYaml } from '../../streams/files/tableYaml.ts'
import { parseVotableFields, printVotableFields } from '../../streams/files/votableFields.ts'
import { openTable, openTableWriter, type WritableColumn } from '../../streams/index.ts'
import { checkValues, type FuzzTarget } from './fuzzTarget.ts'

/** Bounds that a small file can reach, so that it is seen that they hold. */
const limits = {
  maxRecordBytes: 2 ** 20,
  maxHeaderBytes: 2 ** 20,
  inflateGraceBytes: 2 ** 20,
  maxInflatedBytes: 64 * 2 ** 20,
  maxSpoolBytes: 64 * 2 ** 20,
  maxPageBytes: 16 * 2 ** 20,
  maxPageValues: 2 ** 20,
}

const columns: readonly WritableColumn[] = [
  { name: 'source_id', type: 'long', description: 'Id', ucd: 'meta.id' },
  { name: 'ra', type: 'double', unit: 'deg' },
  { name: 'g', type: 'float', unit: 'mag' },
  { name: 'n', type: 'int' },
  { name: 'ok', type: 'boolean' },
  { name: 'name', type: 'string' },
  { name: 'v', type: 'double', arraySize: 2 },
]
const rows = [
  { source_id: 2n ** 63n - 1n, ra: 56.75, g: 12.5, n: 3, ok: true, name: 'HII 1136', v: [1, 2] },
  { source_id: 4n, ra: null, g: null, n: null, ok: null, name: 'a,b "c"', v: [null, 0.1] },
  { source_id: -5n, ra: 1e-300, g: Number.POSITIVE_INFINITY, n: -1, ok: false, name: null, v: [3, 4] },
]

async function written(ending: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-fuzz-seed-'))
  const path = join(folder, `seed.${ending}`)
  const writer = await openTableWriter(path, columns, { meta: { note: 'a note' } })
  await writer.write(rows)
  await writer.close()
  const bytes = readFileSync(path)
  await rm(folder, { recursive: true })
  return bytes
}

const fixture = (name: string) => readFileSync(packageFile('test', 'fixtures', 'tables', name))

async function readWhole(path: string): Promise<void> {
  const reader = await openTable(path, limits)
  try {
    checkValues(reader.columns)
    for await (const { rows: some, rowNumbers } of reader.batches({ batchRows: 50 })) {
      checkValues(some)
      checkValues(rowNumbers)
    }
  } finally {
    await reader.close()
  }
}

function tableTarget(ending: string, fixtures: readonly string[], words: readonly string[]): FuzzTarget {
  return {
    name: ending,
    // VOTables are not written.
    seeds: async () => [...(ending === 'vot' ? [] : [await written(ending)]), ...fixtures.map(fixture)],
    words,
    async run(bytes, folder) {
      const path = join(folder, `case.${ending}`)
      writeFileSync(path, bytes)
      await readWhole(path)
    },
  }
}

const csvWords = [
  '"',
  '""',
  ',',
  '\n',
  '\r\n',
  '\r',
  '\0',
  '\t',
  ';',
  'NaN',
  'inf',
  '\ufeff',
  '\ud83c\udf1f',
  '"\n"',
  '#',
]
const ecsvWords = [
  '# %ECSV 1.0\n',
  '# ---\n',
  '# - {name: ra, datatype: float64}\n',
  '# delimiter: ","\n',
  'subtype: "float64[2]"',
]
const yamlWords = [
  '&a ',
  '*a',
  '!!binary ',
  '<<: ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '|\n',
  '? ',
  '__proto__: ',
  '%YAML 9\n',
  '---\n',
  '!!float .nan',
]
export const fitsWords = [
  "XTENSION= 'BINTABLE'",
  'NAXIS1  =',
  'NAXIS2  =',
  'TFORM1  =',
  "'1PE(9)'",
  'PCOUNT  =',
  'TFIELDS =',
  'END',
  "'8191D'",
  'TDIM1   =',
  'TNULL1  =',
  'CONTINUE',
]

const votableWords = [
  '<FIELD ',
  '/>',
  '<![CDATA[',
  '&#x0;',
  '&amp;',
  'arraysize="',
  'arraysize="*"',
  '<!ENTITY a "b">',
  '</TABLE>',
  '<TR>',
  '</TD>',
  '<!--',
  '-->',
]

export const tableTargets: readonly FuzzTarget[] = [
  tableTarget('csv', ['quotes.csv', 'sources.csv'], csvWords),
  tableTarget('ecsv', ['sources.ecsv'], [...csvWords, ...ecsvWords, ...yamlWords]),
  tableTarget('fits', ['types.fits', 'sources.fits'], fitsWords),
  tableTarget('vot', ['../spectra/xpText.vot', '../spectra/xpBinary.vot', '../spectra/xpBinary2.vot'], votableWords),
  tableTarget(
    'parquet',
    ['types.parquet', 'typesV2.parquet', 'sourcesAstropy.parquet'],
    ['PAR1', '\x15\x02', '\x19\x1c', '<VOTABLE>'],
  ),
  {
    name: 'gzip',
    seeds: async () => [
      gzipSync(await written('csv')),
      gzipSync(await written('fits')),
      fixture('sources.fits.gz'),
      gzipSync(Buffer.alloc(2 ** 20)),
    ],
    words: ['\x1f\x8b\x08', '\x1f\x8b\x08\x04\xff\xff'],
    async run(bytes, folder) {
      const path = join(folder, 'case.csv.gz')
      writeFileSync(path, bytes)
      await readWhole(path)
    },
  },
  {
    name: 'tableYaml',
    seeds: async () => [
      Buffer.from(
        'datatype:\n- {name: ra, unit: deg, datatype: float64, description: a}\n- {name: s, datatype: string, subtype: "float64[2]"}\nmeta: !!omap\n- {a: b}\nschema: astropy-2.0\n',
      ),
    ],
    words: yamlWords,
    run: async bytes => checkValues(parseTableYaml(bytes.toString())),
  },
  {
    name: 'votable',
    seeds: async () => {
      const whole = columns.map(column => ({ unit: null, description: null, ucd: null, arraySize: null, ...column }))
      return [Buffer.from(printVotableFields(whole, { note: 'a' }))]
    },
    words: votableWords,
    run: async bytes => checkValues(parseVotableFields(bytes.toString())),
  },
  {
    name: 'columnMap',
    seeds: async () => [
      Buffer.from(
        'survey: gaiaDr3\nmissing: [-999]\ncolumns:\n  source_id: source_id\n  ra: {from: ra, unit: hourangle}\n  phot_g_mean_mag: {from: g, scale: 0.001, offset: 0, missing: [99999]}\n  ref_epoch: {value: 2016}\n',
      ),
      Buffer.from('{"columns": {"source_id": "source_id", "ra": {"from": "v", "unit": "deg"}}}'),
    ],
    words: [...yamlWords, 'columns: ', 'scale: ', '1e999', 'mas', '\\x'],
    async run(bytes, folder) {
      const map = parseColumnMap(bytes.toString(), 'case.yaml')
      const path = join(folder, 'table.ecsv')
      writeFileSync(path, await tableForMaps())
      const reader = await openTable(path)
      try {
        const bound = bindColumnMap(map, reader)
        for await (const { rows: some } of reader.batches()) for (const row of some) checkValues(bound.apply(row))
      } finally {
        await reader.close()
      }
    },
  },
  {
    name: 'config',
    seeds: async () => [
      Buffer.from(
        '{"dataFolder": "data", "kafkaBrokers": "a:1,b:2", "kafkaLogin": "plain:user:password", "workers": 2, "seed": "9223372036854775807", "httpPort": 0}',
      ),
    ],
    words: ['"sampleCount": ', '"__proto__": ', 'null', '[]', '1e400', '\\ud800', '"httpHost": ', '": "'],
    async run(bytes, folder) {
      const file = join(folder, 'birthline.json')
      writeFileSync(file, bytes)
      checkValues(loadConfig({ flags: {}, env: {}, file, workingFolder: folder }))
    },
  },
]

let tableBytes: Promise<Buffer> | null = null

function tableForMaps(): Promise<Buffer> {
  tableBytes ??= written('ecsv')
  return tableBytes
}

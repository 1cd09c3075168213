// What must happen to bad input on the command line: a code, an exit code, one sentence.
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { encode } from '../../../schemas/index.ts'
import { type Output, openLog } from '../../../streams/index.ts'
import { runInProcess } from '../commandRun.ts'
import { makePosterior, makeStar, posteriorOutputs, starOutputs } from '../starRecords.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-bad-'))
  await writeFile(join(folder, 'empty.csv'), '')
  await writeFile(join(folder, 'cut.csv.gz'), Buffer.from('1f8b0800000000000003', 'hex'))
  await writeFile(join(folder, 'picture.png'), Buffer.from('89504e470d0a1a0a', 'hex'))
  await writeFile(join(folder, 'stars.csv'), 'source_id,ra,dec,g\n12,56.7,24.1,12.5\n')
  await writeFile(join(folder, 'absent.yaml'), 'columns: { phot_g_mean_mag: gg }\n')
  await writeFile(join(folder, 'foreign.csv'), 'player,goals\nAda,12\n')
  await writeFile(join(folder, 'twoMass.yaml'), 'survey: twoMass\ncolumns: { designation: source_id, j_m: g }\n')
  await writeFile(join(folder, 'unknown.yaml'), 'survey: gaiaDr9\ncolumns: { magnitude: g }\n')
  await writeFile(join(folder, 'stray.yaml'), 'survey: gaiaDr3\ncolumns: { magnitude: g }\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ingest = (file: string, ...more: string[]) => ['ingest', file, '--survey', 'gaiaDr3', '--no-infer', ...more]
const infer = (file: string, map: string) => ['infer', file, '--map', map, '--out', 'out.csv']

for (const [what, args, env, exitCode, code] of [
  ['a bad setting in the environment', ['doctor'], { BIRTHLINE_WORKERS: 'many' }, 2, 'CONFIG_INVALID'],
  ['a bad setting on the command line', ['doctor', '--workers', '0'], {}, 2, 'CONFIG_INVALID'],
  ['a star where there is no log', ['star', '12'], {}, 1, 'LOG_UNAVAILABLE'],
  ['a watch for an unknown class', ['watch', '--class', 'dwarf'], {}, 2, 'QUESTION_INVALID'],
  ['a watch above no probability', ['watch', '--above', 'high'], {}, 2, 'QUESTION_INVALID'],
  [
    'an export above more than all',
    ['export', '--out', 'o.csv', '--class', 'giant', '--above', '2'],
    {},
    2,
    'QUESTION_INVALID',
  ],
  ['a watch from no cursor', ['watch', '--from', 'yesterday'], {}, 2, 'QUESTION_INVALID'],
  ['a watch of a group with a path for a name', ['watch', '--group', '../x'], {}, 2, 'QUESTION_INVALID'],
  ['an absent file', ingest('absent.csv'), {}, 1, 'FILE_UNREADABLE'],
  ['an empty file', ingest('empty.csv'), {}, 1, 'FILE_UNREADABLE'],
  ['a gzip that is cut short', ingest('cut.csv.gz'), {}, 1, 'FILE_UNREADABLE'],
  ['a picture', ingest('picture.png'), {}, 1, 'FILE_UNREADABLE'],
  ['an unknown survey', ['ingest', 'stars.csv', '--survey', 'gaiaDr9', '--no-infer'], {}, 2, 'SURVEY_UNKNOWN'],
  ['a map that names an absent column', ingest('stars.csv', '--map', 'absent.yaml'), {}, 2, 'CONFIG_INVALID'],
  ['a map of another survey', ingest('stars.csv', '--map', 'twoMass.yaml'), {}, 2, 'CONFIG_INVALID'],
  ['a map to what the survey lacks', ingest('stars.csv', '--map', 'stray.yaml'), {}, 2, 'CONFIG_INVALID'],
  ['a table of something else', ingest('foreign.csv'), {}, 2, 'CONFIG_INVALID'],
  ['a map to infer with that the survey lacks', infer('stars.csv', 'stray.yaml'), {}, 2, 'CONFIG_INVALID'],
  ['a map of an unknown survey', infer('stars.csv', 'unknown.yaml'), {}, 2, 'SURVEY_UNKNOWN'],
  ['an absent map', ['infer', 'stars.csv', '--map', 'none.yaml', '--out', 'out.csv'], {}, 2, 'CONFIG_INVALID'],
  ['a table of no format', ['simulate', '--out', 'stars.doc'], {}, 2, 'CONFIG_INVALID'],
  ['no stars at all', ['simulate', '--stars', '0', '--out', 'stars.csv'], {}, 2, 'CONFIG_INVALID'],
  ['a place that does not exist', ['simulate', '--out', 'no/such/folder.csv'], {}, 1, 'FILE_UNWRITABLE'],
  ['half a training step', ['train', 'pilot', '--out', 'x', '--steps', '0.5'], {}, 2, 'CONFIG_INVALID'],
  ['a teacher that is not there', ['train', 'student', '--out', 'x', '--teacher', 'none'], {}, 1, 'MODEL_MISSING'],
  [
    'a teacher that would be written over',
    ['train', 'student', '--teacher', 'x', '--out', 'x'],
    {},
    2,
    'CONFIG_INVALID',
  ],
  ['a calibration on too few stars', ['calibrate', '--stars', '3'], {}, 2, 'CONFIG_INVALID'],
  ['a calibration page of no format', ['calibrate', '--out', 'page.pdf'], {}, 2, 'CONFIG_INVALID'],
  ['an absent checkpoint', ['calibrate', '--model', 'nowhere'], {}, 1, 'MODEL_MISSING'],
] as const) {
  test(`${what} ends with ${code}, exit code ${exitCode}, and one sentence`, async () => {
    const outcome = await runInProcess(folder, args, { env })
    expect([outcome.code, outcome.error?.code, outcome.lines]).toEqual([exitCode, code, []])
    expect(outcome.error?.message).not.toContain('\n')
  })
}

test('a delivery that cannot be is refused before there is a log', async () => {
  const data = ['--data', 'untouched']
  await runInProcess(folder, [...ingest('stars.csv', '--map', 'twoMass.yaml'), ...data])
  await runInProcess(folder, ['ingest', 'stars.csv', '--survey', 'gaiaDr9', ...data])
  expect(existsSync(join(folder, 'untouched'))).toBe(false)
})

test('while one process writes a log another is refused, and one that only looks is not', async () => {
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'shared', 'log') })
  try {
    const writer = await runInProcess(folder, [...ingest('stars.csv'), '--data', 'shared'])
    expect([writer.code, writer.error?.code]).toEqual([1, 'LOG_IN_USE'])
    const reader = await runInProcess(folder, ['dead-letters', 'list', '--data', 'shared'])
    expect([reader.code, reader.lines]).toEqual([0, ['No refused record waits.']])
  } finally {
    await log.close()
  }
})

test('records of a newer birthline end no export, watch or list: they are passed over, and counted once', async () => {
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'newer', 'log') })
  const inFuture = ({ value, ...output }: Output): Output => {
    const bytes = Uint8Array.from(value ?? [])
    new DataView(bytes.buffer).setUint32(1, 200)
    return { ...output, value: bytes }
  }
  const stars = [1, 2, 3].map(id => makeStar(`${id}`))
  const [first, second, third] = stars.map(({ starId }) => posteriorOutputs(makePosterior(starId, 0.9)))
  const letters = ['a', 'b'].map(origin => {
    const bytes = new Uint8Array()
    const refused = { step: 'fuse', code: 'SCHEMA_MISMATCH', reason: 'no', origin, topic: 'stars', key: null, bytes }
    const value = encode('deadLetter', { ...refused, deadLetterId: origin, isRedriven: false })
    return { topic: 'dead-letters', key: origin, value }
  })
  const outputs = [...stars.flatMap(starOutputs), ...first, ...second.map(inFuture), ...third]
  await log.transact({ outputs: [...outputs, inFuture(letters[0]), letters[1]] })
  await log.close()
  for (const [args, count] of [
    [['export', '--out', 'newer.csv'], 1],
    [['watch', '--from', 'earliest', '--until-end'], 2],
    [['dead-letters', 'list'], 1],
  ] as const) {
    const { code, lines, notes } = await runInProcess(folder, [...args, '--json', '--data', 'newer'])
    expect([code, lines]).toEqual([0, expect.objectContaining({ length: count })])
    expect(notes).toEqual(['birthline: passed over 1 records of a newer birthline; update this one to read them'])
  }
})

test('a corner plot of a star whose samples are lost is refused in one sentence, and its summary is shown all the same', async () => {
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'lost', 'log') })
  const star = makeStar('7')
  const outputs = posteriorOutputs(makePosterior(star.starId, 0.9)).filter(({ topic }) => topic !== 'samples')
  await log.transact({ outputs: [...starOutputs(star), ...outputs] })
  await log.close()
  const outcome = await runInProcess(folder, ['star', '7', '--corner', 'corner.svg', '--data', 'lost'])
  expect([outcome.code, outcome.error?.code]).toEqual([1, 'QUESTION_INVALID'])
  expect(outcome.error?.message).toMatch(/^The samples of star gaiaDr3:7 are not in the log any more/)
  expect(outcome.lines).toContain('P(young) = 0.900')
  expect(existsSync(join(folder, 'corner.svg'))).toBe(false)
})

test('a data folder that cannot be made is told apart from a broken log', async () => {
  const outcome = await runInProcess(folder, [...ingest('stars.csv'), '--data', 'stars.csv'])
  expect(outcome.error?.code).toBe('LOG_UNAVAILABLE')
  expect(outcome.error?.message).toContain('--data')
})

test('the doctor says what is wrong and what to do, and its exit code says whether anything is', async () => {
  const well = await runInProcess(folder, ['doctor', '--json', '--data', 'nothing'], { env: { BIRTHLINE_WORKER: '2' } })
  const { isWell, findings } = JSON.parse(well.lines[0]) as {
    isWell: boolean
    findings: readonly { what: string; state: string; found: string; remedy: string | null }[]
  }
  expect([well.code, isWell]).toEqual([0, true])
  const whats = findings.map(({ what }) => what)
  expect(whats).toEqual(expect.arrayContaining(['Node', 'Disk', 'Log', 'Model', 'Environment']))
  const deviceOf = (name: string) => findings.find(({ what }) => what === `Device ${name}`)
  expect(deviceOf('cpu')).toMatchObject({ state: 'good', found: 'works; posteriors are drawn on it' })
  for (const card of ['cuda', 'webgpu']) {
    expect(deviceOf(card)).toMatchObject({
      state: 'good',
      found: expect.stringMatching(/^(works; --device|not here: .)/),
    })
  }
  expect(findings.every(({ state, remedy }) => (state === 'good') === (remedy === null))).toBe(true)
  const ill = await runInProcess(folder, ['doctor', '--model', 'nowhere'])
  expect(ill.code).toBe(1)
  expect(ill.lines.some(text => /FIX {2}Model: MODEL_MISSING/.test(text))).toBe(true)
})

test('the status of a log is told once where stdout is no screen, as a table or as JSON', async () => {
  const own = await mkdtemp(join(tmpdir(), 'birthline-status-'))
  onTestFinished(() => rm(own, { recursive: true, force: true }))
  const absent = await runInProcess(own, ['status'])
  expect([absent.code, absent.error?.code]).toEqual([1, 'LOG_UNAVAILABLE'])
  const log = await openLog({ kind: 'embedded', folder: join(own, 'birthline-data', 'log') })
  await log.close()
  const shown = await runInProcess(own, ['status', '--port', '1'])
  expect(shown.code).toBe(0)
  expect(shown.lines[0]).toContain('no process writes it')
  expect(shown.lines.some(line => line.startsWith('publish '))).toBe(true)
  const json = await runInProcess(own, ['status', '--once', '--json', '--port', '1'])
  expect(JSON.parse(json.lines[0])).toMatchObject({ state: 'stopped', isServing: false, deadLetters: [] })
  const often = await runInProcess(own, ['status', '--every', '0'])
  expect([often.code, often.error?.message]).toEqual([2, expect.stringContaining('from 0.2 to 3600')])
})

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startServer } from '../../../ops/server/server.ts'
import { settings } from '../../../ops/settings/config.ts'
import { packageFile } from '../../../schemas/index.ts'
import { codeOnly, filesUnder } from '../../rules/sourceTree.ts'
import { smallServerParts } from '../server/smallServer.ts'
import { openTemporaryLog } from '../starRecords.ts'
import { composeFaults, documentsOf, kubernetesFaults } from './manifestCheck.ts'

const folder = packageFile('ops', 'deploy')
const read = (...parts: readonly string[]) => readFileSync(join(folder, ...parts), 'utf8')
const manifests = () =>
  readdirSync(join(folder, 'k8s'))
    .sort()
    .map(name => read('k8s', name))

test('the compose file is one, and all that it names is there', () => {
  expect(composeFaults(read('compose.yaml'))).toEqual([])
})

test('the manifests are Kubernetes’, and all that they name is there', () => {
  expect(kubernetesFaults(manifests())).toEqual([])
  expect(
    manifests()
      .flatMap(documentsOf)
      .map(({ kind }) => kind),
  ).toEqual([...['ConfigMap', 'PodDisruptionBudget', 'Secret', 'Service', 'Service', 'StatefulSet']])
})

for (const [what, from, to, fault] of [
  ['a field that is none', '    restart: unless-stopped', '    restarts: always', '(restarts)'],
  ['a list where a word is needed', 'image: apache/kafka:4.1.0', 'image: [apache/kafka]', 'must be string'],
  ['a volume that nobody declares', 'birthlineData2:/data', 'elsewhere:/data', 'no volume elsewhere'],
  ['a service that is not there', '    kafka:\n      condition', '    redis:\n      condition', 'no service redis'],
  ['a secret that is not there', '/run/secrets/httpTokens', '/run/secrets/tokens', 'no secret tokens in the container'],
  ['a variable that is no setting', 'BIRTHLINE_HTTP_HOST:', 'BIRTHLINE_HOST:', 'BIRTHLINE_HOST is no setting'],
  ['a value that the setting refuses', 'KAFKA_BROKERS: kafka:9092', 'KAFKA_BROKERS: kafka', 'it must be host:port'],
] as const) {
  test(`a compose file with ${what} is refused`, () => {
    const broken = read('compose.yaml').replace(from, to)
    expect(broken).not.toBe(read('compose.yaml'))
    expect(composeFaults(broken).join('\n')).toContain(fault)
  })
}

for (const [what, from, to, fault] of [
  ['a field that is none', '  replicas: 3', '  replica: 3', '(replica)'],
  ['a word where a number is needed', '  replicas: 3', '  replicas: three', 'must be integer'],
  ['no selector', '  serviceName: birthline-processes', '  podName: x', '(podName)'],
  ['a kind that is none', 'kind: StatefulSet', 'kind: StatefulSets', 'no schema for it'],
  ['a service that is not there', 'serviceName: birthline-processes', 'serviceName: other', 'no service other'],
  ['a secret that is not there', 'secretName: birthline', 'secretName: other', 'no secret other'],
  [
    'a config map that is not there',
    '                name: birthline',
    '                name: other',
    'no config map other',
  ],
  [
    'a mount without a volume',
    'name: scratch\n              mountPath',
    'name: other\n              mountPath',
    'no volume other',
  ],
  [
    'a probe of a port that is closed',
    '- name: http\n              containerPort',
    '- name: web\n              containerPort',
    'no port http',
  ],
  [
    'pods that nobody selects',
    '      labels:\n        app.kubernetes.io/name: birthline',
    '      labels:\n        app.kubernetes.io/name: other',
    'no pod with',
  ],
  [
    'a variable that is no setting',
    'name: BIRTHLINE_KAFKA_TRANSACTIONAL_ID',
    'name: BIRTHLINE_ID',
    'BIRTHLINE_ID is no setting',
  ],
] as const) {
  test(`manifests with ${what} are refused`, () => {
    const broken = manifests().map(text => (text.includes('kind: StatefulSet') ? text.replace(from, to) : text))
    expect(broken).not.toEqual(manifests())
    expect(kubernetesFaults(broken).join('\n')).toContain(fault)
  })
}

test('nothing in the manifests is a secret that works', () => {
  const [secret] = manifests()
    .flatMap(documentsOf)
    .filter(({ kind }) => kind === 'Secret')
  for (const value of Object.values(secret.stringData as Record<string, string>)) expect(value).toBe('CHANGE ME')
})

const lines = read('Dockerfile').split('\n')
const stageStarts = lines.flatMap((line, i) => (line.startsWith('FROM ') ? [i] : []))
const lastStage = lines.slice(stageStarts.at(-1))

test('the image is of two stages, runs as nobody in particular, is looked after, and ends at a word that we hear', () => {
  expect(stageStarts).toHaveLength(2)
  for (const i of stageStarts) expect(lines[i]).toMatch(/^FROM node:(?:20|22)-slim/)
  expect(lastStage).toContain('USER node')
  expect(lastStage.some(line => line.startsWith('HEALTHCHECK '))).toBe(true)
  expect(lastStage).toContain('STOPSIGNAL SIGINT')
})

test('all that the Dockerfile copies is there, and all that the program reads is copied', () => {
  const copies = lines.flatMap(line => /^COPY (?:--from=\w+ )?(.*) \S+$/.exec(line)?.[1].split(' ') ?? [])
  const sources = copies.map(path => path.replace('/birthline/', '')).filter(path => path !== 'dist')
  expect(sources.filter(path => !existsSync(packageFile(path)))).toEqual([])
  const inImage = lastStage.flatMap(line => /^COPY --from=build \/birthline\/(\S+) /.exec(line)?.[1] ?? [])
  const product = ['schemas', 'streams', 'models', 'actors', 'ops']
    .flatMap(room => filesUnder(room, ['.ts']))
    // Those two are for whoever works on the project.
    .filter(({ path }) => !/^ops\/(?:audit|bench)\//.test(path))
  const reads = product.flatMap(({ text }) =>
    Array.from(codeOnly(text, true).matchAll(/packageFile\('([\w.]+)'/g), match => match[1]),
  )
  expect(reads.length).toBeGreaterThan(5)
  expect([...new Set(reads)].filter(top => !inImage.includes(top))).toEqual([])
  const known = settings.map(({ env }) => env)
  expect((read('Dockerfile').match(/BIRTHLINE_\w+/g) ?? []).filter(name => !known.includes(name))).toEqual([])
})

test('the probe tells a server that is well from none', async () => {
  const temporary = await openTemporaryLog()
  const server = await startServer(smallServerParts(temporary.log), '127.0.0.1', 0)
  onTestFinished(async () => {
    await server.close()
    await temporary.remove()
  })
  const probe = (port: string) =>
    new Promise<number | null>(resolve => {
      const child = spawn(process.execPath, [join(folder, 'healthProbe.mjs')], { env: { BIRTHLINE_HTTP_PORT: port } })
      child.on('close', code => resolve(code))
    })
  expect(await probe(new URL(server.url).port)).toBe(0)
  expect(await probe('1')).toBe(1)
})

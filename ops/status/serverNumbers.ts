// What a running server says of itself on /metrics, where it can be reached; silence is an answer too.
import { readFileSync } from 'node:fs'
import { get as getHttp, type RequestOptions } from 'node:http'
import { get as getHttps } from 'node:https'
import { isLoopback, openedBy } from '../server/door.ts'
import type { HttpSettings } from '../settings/httpSettings.ts'

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** By metric. */
export type ServerNumbers = ReadonlyMap<string, readonly Sample[]>

const PATIENCE_MS = 1500
const MAX_TEXT_BYTES = 4 * 2 ** 20

/** @returns null where nobody answers, or not with metrics of ours. @throws FusionError CONFIG_INVALID for a bad token file */
export async function readServerNumbers(config: HttpSettings): Promise<ServerNumbers | null> {
  if (config.httpPort === 0) return null
  const token = openedBy(config).find(({ scopes }) => scopes.includes('read'))?.text
  try {
    const numbers = parseMetrics(await fetchText(config, token))
    return numbers.has('birthline_build_info') ? numbers : null
  } catch {
    return null
  }
}

function fetchText(config: HttpSettings, token: string | undefined): Promise<string> {
  // A server that listens everywhere is asked here.
  const host =
    isLoopback(config.httpHost) || !/^(?:0\.0\.0\.0|::)$/.test(config.httpHost) ? config.httpHost : '127.0.0.1'
  const options: RequestOptions = {
    ...{ host, port: config.httpPort, path: '/metrics', timeout: PATIENCE_MS },
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  }
  return new Promise((resolve, reject) => {
    const hear = (response: import('node:http').IncomingMessage) => {
      if (response.statusCode !== 200) {
        response.resume()
        reject(new Error(`answered ${response.statusCode}`))
        return
      }
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > MAX_TEXT_BYTES) response.destroy(new Error('too long to be metrics'))
      })
      response.on('end', () => resolve(text))
      response.on('error', reject)
    }
    const { httpTlsCert } = config
    // The name in the certificate is that of the public address, and here it may be asked by another one.
    const asked =
      httpTlsCert === null
        ? getHttp(options, hear)
        : getHttps({ ...options, ca: readFileSync(httpTlsCert), checkServerIdentity: () => undefined }, hear)
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')))
    asked.on('error', reject)
  })
}

/** Prometheus' text format, as our own server writes it. */
export function parseMetrics(text: string): ServerNumbers {
  const numbers = new Map<string, Sample[]>()
  for (const line of text.split('\n')) {
    const [, name, inner, value] = /^([a-zA-Z_]\w*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (name === undefined) continue
    const labels = Object.fromEntries(
      Array.from((inner ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g), ([, label, word]) => [
        label,
        word.replace(/\\(.)/g, '$1'),
      ]),
    )
    const samples = numbers.get(name) ?? []
    samples.push({ labels, value: Number(value) })
    numbers.set(name, samples)
  }
  return numbers
}

/** The first sample with the labels; null where there is none. */
export function sampleOf(
  numbers: ServerNumbers | null,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | null {
  const found = numbers
    ?.get(name)
    ?.find(sample => Object.entries(labels).every(([label, word]) => sample.labels[label] === word))
  return found?.value ?? null
}

/** A quantile of a histogram, by the upper edge of the bucket it falls into; null where nothing was counted. */
export function quantileOf(numbers: ServerNumbers | null, name: string, quantile: number): number | null {
  const buckets = numbers?.get(`${name}_bucket`) ?? []
  const count = buckets.find(({ labels }) => labels.le === '+Inf')?.value ?? 0
  if (count === 0) return null
  const edge = buckets.find(({ value }) => value >= quantile * count)
  return edge === undefined || edge.labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(edge.labels.le)
}

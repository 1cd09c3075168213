// Secrets are taken out of every sentence before it is shown, wherever it came from.
import { type Config, settings } from '../settings/config.ts'

export type Redact = (text: string) => string

const HIDDEN = '***'
/** A shorter secret would be found in the middle of words, and hide nothing. */
const MIN_SECRET_CHARACTERS = 4
/** Parts of a secret setting that are none. */
const plainParts = ['mechanism', 'username']

/** The user and the password before a host, in a URL or without its scheme. */
const LOGIN = /[^\s/@:"]+:[^\s/@"]+@/g

/** Also hides what stands as a login before any host, known or not. */
export function createRedact(secrets: Iterable<string>): Redact {
  const forms = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_CHARACTERS) continue
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) forms.add(form)
    forms.add(Buffer.from(secret).toString('base64'))
  }
  // The longest first: a secret may hold another one.
  const ordered = [...forms].sort((a, b) => b.length - a.length)
  return text => {
    let shown = text.replace(LOGIN, `${HIDDEN}@`)
    for (const form of ordered) shown = shown.replaceAll(form, HIDDEN)
    return shown
  }
}

/** Secrets as the environment and the settings hold them; `config` is null where the settings could not be read. */
export function secretsOf(config: Config | null, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const secrets: string[] = []
  for (const { key, env: variable, isSecret } of settings) {
    if (isSecret !== true) continue
    const text = env[variable]
    if (text !== undefined && text !== '') {
      // A setting that is refused may still hold a password somewhere behind its colons or commas.
      secrets.push(text, ...text.split(/[,:]/).slice(1), text.slice(text.lastIndexOf(':') + 1))
    }
    if (config !== null) secrets.push(...leaves(config[key]))
  }
  return secrets
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => (plainParts.includes(name) ? [] : leaves(part)))
}

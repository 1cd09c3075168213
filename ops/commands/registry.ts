// `birthline registry`: our schemas as a registry holds them; listed, put into another one, or compared with it.
import { registrySubjects } from '../../streams/index.ts'
import { compareRegistry, pushSubjects } from '../registryClient.ts'
import { type CommandCode, exitCodes } from './commandLine.ts'
import { UsageError } from './failure.ts'

export const listSchemas: CommandCode = async ({ config, terminal }) => {
  const subjects = registrySubjects(config.kafkaPrefix)
  if (terminal.isJson) await terminal.print(JSON.stringify({ subjects }))
  else {
    for (const { name, versions } of subjects) {
      await terminal.print(`${name}: ${versions.map(({ version, id }) => `version ${version} is id ${id}`).join(', ')}`)
    }
  }
  return exitCodes.ok
}

export const pushSchemas: CommandCode = async ({ config, terminal }, args) => {
  const pushed = await pushSubjects(registryUrl(args), registrySubjects(config.kafkaPrefix))
  await terminal.print(
    terminal.isJson ? JSON.stringify({ pushed }) : `${pushed} schemas were put there; all of ours are there now.`,
  )
  return exitCodes.ok
}

export const checkSchemas: CommandCode = async ({ config, terminal }, args) => {
  const found = await compareRegistry(registryUrl(args), registrySubjects(config.kafkaPrefix))
  const wrong = found.filter(({ presence }) => presence !== 'same')
  if (terminal.isJson) await terminal.print(JSON.stringify({ isSame: wrong.length === 0, wrong }))
  else {
    for (const { subject, version, id, presence } of wrong) {
      const what = presence === 'missing' ? 'is missing there' : 'is another schema there'
      await terminal.print(`${subject} version ${version}, id ${id}, ${what}`)
    }
    await terminal.print(
      wrong.length === 0 ? `All ${found.length} schemas are there.` : '`birthline registry push` adds those missing.',
    )
  }
  return wrong.length === 0 ? exitCodes.ok : exitCodes.failure
}

function registryUrl([text]: readonly string[]): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new UsageError('The registry must be given as an address, such as http://HOST:8081.')
}

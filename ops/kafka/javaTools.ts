// Finds the two programs that a broker needs: Java 17 or newer to run it, Maven to bring it.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'

const MIN_JAVA = 17

/**
 * The command that runs Java: of JAVA_HOME where it is set, else of the path.
 *
 * @throws FusionError CONFIG_INVALID when there is none or it is too old
 */
export function findJava(javaHome: string | undefined = process.env.JAVA_HOME): string {
  const command = javaHome !== undefined && javaHome !== '' ? join(javaHome, 'bin', 'java') : 'java'
  const { stdout, stderr, error } = spawnSync(command, ['-version'], { encoding: 'utf8' })
  const version = error === undefined ? /version "(\d+)/.exec(`${stderr}${stdout}`)?.[1] : undefined
  if (version !== undefined && Number(version) >= MIN_JAVA) return command
  const found = version === undefined ? `${command} does not run` : `${command} is version ${version}`
  throw new FusionError(
    'CONFIG_INVALID',
    `A Kafka broker needs Java ${MIN_JAVA} or newer, and ${found}; install one ` +
      '(on Debian: apt-get install openjdk-17-jre-headless) or let JAVA_HOME point at it.',
    { detail: { command } },
  )
}

/**
 * The command that runs Maven: of MAVEN_HOME where it is set, else of the path.
 *
 * @throws FusionError CONFIG_INVALID when there is none
 */
export function findMaven(mavenHome: string | undefined = process.env.MAVEN_HOME): string {
  const command = mavenHome !== undefined && existsSync(mavenHome) ? join(mavenHome, 'bin', 'mvn') : 'mvn'
  const { status } = spawnSync(command, ['--version'], { encoding: 'utf8' })
  if (status === 0) return command
  throw new FusionError(
    'CONFIG_INVALID',
    `Apache Kafka is brought by Maven, and ${command} does not run; install it ` +
      '(on Debian: apt-get install maven) or let MAVEN_HOME point at it.',
    { detail: { command } },
  )
}

// Brings Apache Kafka as Maven has it, once: what is kept is the list of its jars, which stay in Maven's own cache.
// What is built on Kafka and comes with it, such as Kafka Streams, is brought the same way.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { FusionError, packageFile } from '../../schemas/index.ts'
import { findMaven } from './javaTools.ts'

export const KAFKA_VERSION = '4.4.0'
/** Where Kafka's log lines go: to the standard error, through the simplest binding of the interface it logs to. */
const SLF4J_VERSION = '1.7.36'
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'

const BROKER = 'kafka_2.13'

/**
 * The class path of a broker; the first call on a machine brings about 100 MB.
 *
 * @throws FusionError CONFIG_INVALID when Maven is missing, FILE_UNREADABLE when it cannot bring the jars
 */
export function brokerClassPath(folder = packageFile('node_modules', '.cache', 'kafka', KAFKA_VERSION)): string {
  return kafkaClassPath(BROKER, folder)
}

/**
 * The class path of a part of Apache Kafka, by its name at Maven.
 *
 * @param folder where the list of its jars is kept
 * @throws FusionError CONFIG_INVALID when Maven is missing, FILE_UNREADABLE when it cannot bring the jars
 */
export function kafkaClassPath(
  artifact: string,
  folder = packageFile('node_modules', '.cache', artifact, KAFKA_VERSION),
): string {
  const kafka = ['org.apache.kafka', artifact, KAFKA_VERSION] as const
  return mavenClassPath(`Apache Kafka ${KAFKA_VERSION}`, [kafka, ['org.slf4j', 'slf4j-simple', SLF4J_VERSION]], folder)
}

type Dependency = readonly [group: string, artifact: string, version: string]

/**
 * The class path of what Maven has.
 *
 * @param what as a sentence calls it
 * @param folder where the list of the jars is kept
 * @throws FusionError CONFIG_INVALID when Maven is missing, FILE_UNREADABLE when it cannot bring the jars
 */
export function mavenClassPath(what: string, dependencies: readonly Dependency[], folder: string): string {
  const list = join(folder, 'classPath.txt')
  if (existsSync(list)) {
    const known = readFileSync(list, 'utf8').trim()
    if (known.split(delimiter).every(jar => existsSync(jar))) return known
  }
  const maven = findMaven()
  mkdirSync(folder, { recursive: true })
  const pom = join(folder, 'pom.xml')
  writeFileSync(pom, pomText(dependencies))
  const fresh = `${list}.${process.pid}`
  const { status, stdout } = spawnSync(
    maven,
    [
      '-B',
      '-q',
      '-f',
      pom,
      `${DEPENDENCY_PLUGIN}:build-classpath`,
      '-Dmdep.includeScope=runtime',
      `-Dmdep.outputFile=${fresh}`,
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0) {
    const reason = stdout.split('\n').find(line => line.startsWith('[ERROR]')) ?? 'no reason given'
    throw new FusionError(
      'FILE_UNREADABLE',
      `Maven could not bring ${what}: ${reason.slice(0, 400)}; check the network and Maven's settings.`,
      { detail: { pom } },
    )
  }
  renameSync(fresh, list)
  return readFileSync(list, 'utf8').trim()
}

function pomText(dependencies: readonly Dependency[]): string {
  const texts = dependencies.map(
    ([group, artifact, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  )
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>birthline</groupId><artifactId>broker</artifactId><version>1</version><packaging>pom</packaging>',
    `<dependencies>${texts.join('')}</dependencies></project>`,
  ].join('\n')
}

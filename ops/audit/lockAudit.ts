// What the lock file alone tells of the packages: nothing here asks a registry.

export interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly license?: string
  readonly deprecated?: string
  readonly hasInstallScript?: boolean
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/

/** Packages that ship with the product, by their place in node_modules. */
export function productionPackages({ packages }: LockFile): readonly (readonly [path: string, entry: LockedPackage])[] {
  return Object.entries(packages).filter(([path, entry]) => path !== '' && entry.dev !== true)
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** Versions that are not exact, packages without a checksum, or from elsewhere than the registry. */
export function pinFaults(manifest: Manifest, lock: LockFile): readonly string[] {
  const wanted = [...Object.entries(manifest.dependencies ?? {}), ...Object.entries(manifest.devDependencies ?? {})]
  const loose = wanted
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${name} is wanted as ${version}, which is not one exact version`)
  const unsound = Object.entries(lock.packages).flatMap(([path, { integrity, version, link, resolved }]) => {
    if (path === '') return []
    if (link === true) return [`${nameOf(path)} is a link to a folder`]
    if (resolved !== undefined && !resolved.startsWith('https:'))
      return [`${nameOf(path)} comes from ${resolved.split(':')[0]}`]
    if (version === undefined || !EXACT.test(version)) return [`${nameOf(path)} is locked as ${version ?? 'nothing'}`]
    return /^sha512-[\w+/]{86}==$/.test(integrity ?? '') ? [] : [`${nameOf(path)} has no SHA-512 in the lock file`]
  })
  return [...loose, ...unsound]
}

/** Scripts are not run, and the packages that come with some are those that work without. */
export function scriptFaults(lock: LockFile, npmrc: string, known: readonly string[]): readonly string[] {
  const faults = /^ignore-scripts *= *true$/m.test(npmrc) ? [] : ['.npmrc lacks ignore-scripts=true']
  const scripted = productionPackages(lock).filter(([, { hasInstallScript }]) => hasInstallScript === true)
  const news = scripted.map(([path]) => nameOf(path)).filter(name => !known.includes(name))
  return [
    ...faults,
    ...news.map(name => `${name} comes with an install script, which is not run: see that it works without`),
  ]
}

export function deprecationFaults(lock: LockFile): readonly string[] {
  return productionPackages(lock).flatMap(([path, { deprecated, version }]) =>
    deprecated === undefined ? [] : [`${nameOf(path)} ${version} is deprecated: ${deprecated}`],
  )
}

/** Packages that are there in several major versions. @param known those that are known to be, and are borne */
export function duplicateFaults(lock: LockFile, known: readonly string[]): readonly string[] {
  const majors = new Map<string, Set<string>>()
  for (const [path, { version = '' }] of productionPackages(lock)) {
    const found = majors.get(nameOf(path)) ?? new Set()
    majors.set(nameOf(path), found.add(version.split('.')[0]))
  }
  const several = [...majors].filter(([, found]) => found.size > 1)
  const news = several.filter(([name]) => !known.includes(name))
  const gone = known.filter(name => !several.some(([one]) => one === name))
  return [
    ...news.map(([name, found]) => `${name} is there in the major versions ${[...found].sort().join(' and ')}`),
    ...gone.map(name => `${name} is no longer there twice: take it off the list`),
  ]
}

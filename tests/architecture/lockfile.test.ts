/** `npm ci` of npm 10, 11 and 12 must work on every platform: npm 12 refuses a lock file with a hole. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const root = new URL('../../', import.meta.url)
const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
  packages: Record<string, Locked>
}
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  allowScripts: Record<string, boolean>
}

test('every optional (platform) package is locked', () => {
  const missing = Object.values(lock.packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies).filter(
      (name) => !Object.keys(lock.packages).some((key) => key.endsWith(`node_modules/${name}`)),
    ),
  )
  expect(missing).toEqual([])
})

test('the lock file carries no addresses', () => {
  expect(Object.values(lock.packages).filter((entry) => entry.resolved !== undefined)).toEqual([])
})

test('every install script is decided in allowScripts, and only node may run one', () => {
  const scripted = Object.entries(lock.packages)
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([key]) => key.replace(/^.*node_modules\//, ''))
  // fsevents is macOS only and ships its binary; it never runs where Linli is tested.
  const undecided = scripted.filter((name) => name !== 'fsevents' && !(name in manifest.allowScripts))
  expect(undecided).toEqual([])
  expect(Object.entries(manifest.allowScripts).filter(([, allowed]) => allowed)).toEqual([['node', true]])
})

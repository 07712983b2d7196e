/** What a test needs beyond Node: named, so that a skip is listed with its reason, and fails when all is required. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, test } from 'vitest'

export interface Requirement {
  readonly name: string
  /** Why it is not there, or undefined when it is. */
  readonly missing: string | undefined
}

const fromEnv = (name: string, variable: string): Requirement => ({
  name,
  missing: process.env[variable] ? undefined : `${variable} is not set`,
})

const onPath = (command: string): string | undefined =>
  spawnSync('which', [command]).status === 0 ? undefined : `${command} is not installed`

const sharedData = new URL('../../../shared/data/', import.meta.url)

/** A function, not a table, so that nothing is looked up before a test asks. */
export const requirements = {
  influx2: () => fromEnv('InfluxDB 2', 'LINLI_TEST_INFLUX_URL'),
  influx1: () => fromEnv('InfluxDB 1.8', 'LINLI_TEST_INFLUX1_URL'),
  mosquitto: (): Requirement => ({ name: 'mosquitto clients', missing: onPath('mosquitto_pub') }),
  /** Installed, and allowed to trace (containers often forbid it). */
  strace: (): Requirement => ({
    name: 'strace',
    missing:
      spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0 ? undefined : 'strace cannot trace here',
  }),
  chromium: (): Requirement => ({ name: 'Chromium', missing: onPath('chromium') }),
  recordings: (): Requirement => ({
    name: 'recordings',
    missing: existsSync(sharedData) ? undefined : 'the folder of recordings is not beside the project',
  }),
}

/** `describe` that runs when the requirement is met; otherwise skipped by name, or failed when all is required. */
export function describeWith(requirement: Requirement, name: string, body: () => void): void {
  if (!requirement.missing) {
    describe(name, body)
    return
  }
  const title = `${name} [needs ${requirement.name}: ${requirement.missing}]`
  if (process.env.LINLI_TEST_REQUIRE_ALL === '1') {
    test(title, () => {
      throw new Error(`${requirement.name} is required: ${requirement.missing}`)
    })
    return
  }
  describe.skip(title, () => {
    test('needs it', () => {})
  })
}

/** Path of a folder of recordings; only inside `describeWith(requirements.recordings(), …)`. */
export function recordingFolder(folder: string): string {
  return new URL(`${folder}/`, sharedData).pathname
}

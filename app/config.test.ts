import { describe, expect, test } from 'vitest'
import { formatProblem, LinliError } from '../model/errors.ts'
import { loadConfig } from './config.ts'

const problemsOf = (source: Parameters<typeof loadConfig>[0]): string[] => {
  try {
    loadConfig(source)
    return []
  } catch (error) {
    return error instanceof LinliError ? error.problems.map(formatProblem) : [String(error)]
  }
}
const file = (text: string) => ({ text, name: 'linli.yaml' })

describe('configuration', () => {
  test('nothing given is the defaults, frozen', () => {
    const config = loadConfig({ env: {} })
    expect(config).toMatchObject({
      dataDir: 'data',
      clock: 'system',
      broker: { host: '127.0.0.1', port: 1883 },
    })
    expect(Object.isFrozen(config.broker)).toBe(true)
  })

  test('the command line is stronger than the environment, which is stronger than the file', () => {
    const source = { file: file('broker:\n  port: 1\n  maxInFlight: 2\n'), env: { LINLI_BROKER_PORT: '3' } }
    expect(loadConfig(source).broker).toMatchObject({ port: 3, maxInFlight: 2 })
    expect(loadConfig({ ...source, overrides: { 'broker.port': 4 } }).broker).toMatchObject({ port: 4 })
  })

  test('lists and absent sections can come from the environment', () => {
    const env = { LINLI_DASHBOARD_ALLOWED_ORIGINS: '[https://a.example]' }
    expect(loadConfig({ env }).dashboard.allowedOrigins).toEqual(['https://a.example'])
  })

  test('every problem is told, each where it comes from', () => {
    expect(
      problemsOf({
        file: file('broker:\n  port: x\n  colour: red\n'),
        env: { LINLI_DASHBOARD_PORT: 'y', LINLI_BROKER_PROT: '1', LINLI_TEST_ANYTHING: '1', PATH: '/bin' },
        overrides: { clock: 'sundial' },
      }),
    ).toEqual([
      'environment LINLI_BROKER_PROT: no such setting',
      expect.stringMatching(/^command line clock: /),
      expect.stringMatching(/^LINLI_DASHBOARD_PORT dashboard\.port: /),
      expect.stringMatching(/^linli\.yaml:2:3 broker\.port: /),
      expect.stringMatching(/^linli\.yaml:3:3 broker\.colour: unknown field/),
    ])
  })

  test('a file that is not a mapping is refused', () => {
    expect(problemsOf({ file: file('- a\n- b\n'), env: {} })).toHaveLength(1)
    expect(problemsOf({ file: file('a: [\n'), env: {} }).join()).toMatch(/linli\.yaml:\d+:\d+/)
  })
})

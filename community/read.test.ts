import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatProblem } from '../model/errors.ts'
import { readCommunity } from './read.ts'

const base = `
sites:
  - { id: east, name: { zh: 东区, en: East }, timeZone: Asia/Shanghai, latitude: 31.2, longitude: 121.4 }
  - { id: west, name: West, timeZone: Asia/Shanghai, latitude: 31.2, longitude: 121.3 }
grids:
  - { id: g1, site: east, name: Grid 1 }
  - { id: g2, site: west, name: Grid 2 }
buildings:
  - { id: b1, grid: g1, name: Building 1 }
  - { id: b2, grid: g1, name: Building 2 }
homes:
  - { id: h1, building: b1, name: "501" }
crews:
  - { id: lifts, name: Lift crew, deviceTypes: [elevator] }
`
const problemsOf = (text: string): string[] => {
  const read = readCommunity(text, 'c.yaml')
  return read.ok ? [] : read.problems.map(formatProblem)
}
/** Problems of the base file, which ends at line 14, with `more` appended. */
const problemsWith = (more: string): string[] => problemsOf(base + more)

describe('a valid file', () => {
  test('is read with its defaults and names in both languages', () => {
    const read = readCommunity(
      `${base}residents:\n  - { id: r1, home: h1, name: 王 }\nroster:\n  - { login: li, from: 2026-03-01T00:00:00+08:00, to: 2026-03-01T08:00:00+08:00 }\nstaff:\n  - { login: li, name: Li, role: crew, crew: lifts }\n`,
      'c.yaml',
    )
    expect(read).toMatchObject({ ok: true })
    if (!read.ok) return
    expect(read.file.sites[1]?.name).toEqual({ zh: 'West', en: 'West' })
    expect(read.file.residents[0]).toMatchObject({ fragile: false, livesAlone: true })
    expect(read.file.devices).toEqual([])
  })
})

describe('every problem has its line and column', () => {
  test('of the whole file at once: shape, unknown keys, references and duplicate ids', () => {
    const text = `${base}devices:
  - { id: d1, type: door, site: east, home: h9 }
  - { id: d1, type: toaster, site: north }
  - { id: d3, type: door, site: east, colour: red }
  - { id: "d 4", type: door, site: east }
residents:
  - { id: r1, home: h1 }
`
    expect(problemsOf(text)).toEqual([
      'c.yaml:16:39 devices[0].home: no such home: h9',
      'c.yaml:17:7 devices[1].id: d1 is taken by devices[0]',
      'c.yaml:17:15 devices[1].type: no such device type: toaster',
      'c.yaml:17:30 devices[1].site: no such site: north',
      'c.yaml:18:39 devices[2].colour: unknown field "colour"',
      'c.yaml:19:7 devices[3].id: an id has 1-64 letters, digits, _ or -',
      'c.yaml:21:5 residents[0].name: is missing',
    ])
  })

  test('a reference to an unreadable entry is not a second problem', () => {
    expect(problemsWith('residents:\n  - { id: r1, home: h2, name: Wang }\n').length).toBe(1)
    const broken = base.replace(
      'name: "501" }',
      'name: "501" }\n  - { id: h2, building: b1, name: "502", persons: many }',
    )
    expect(problemsOf(`${broken}residents:\n  - { id: r1, home: h2, name: Wang }\n`)).toEqual([
      expect.stringContaining('homes[1].persons'),
    ])
  })

  test.each([
    ['grids', '  - { id: g3, site: nowhere, name: G }', 'grids[0].site: no such site'],
    ['homes', '  - { id: h2, building: b9, name: H }', 'homes[0].building: no such building'],
    ['residents', '  - { id: r1, home: h9, name: W }', 'residents[0].home: no such home'],
    ['crews', '  - { id: c, name: C, site: s9 }', 'crews[0].site: no such site'],
    [
      'crews',
      '  - { id: c, name: C, deviceTypes: [bin, tractor] }',
      'crews[0].deviceTypes[1]: no such device type',
    ],
    [
      'roster',
      '  - { login: nobody, from: 2026-03-01T00:00:00Z, to: 2026-03-02T00:00:00Z }',
      'roster[0].login: no such login',
    ],
    ['staff', '  - { login: li, name: Li, role: crew }', 'staff[0].role: role crew needs a crew'],
    ['staff', '  - { login: li, name: Li, role: crew, crew: painters }', 'staff[0].crew: no such crew'],
    [
      'staff',
      '  - { login: li, name: Li, role: grid-worker }',
      'staff[0].role: role grid-worker needs a grid',
    ],
    [
      'staff',
      '  - { login: li, name: Li, role: supervisor, crew: lifts }',
      'staff[0].crew: role supervisor has no crew',
    ],
    [
      'devices',
      '  - { id: d, type: bin, site: east, latitude: 31 }',
      'devices[0].latitude: needs longitude too',
    ],
    [
      'devices',
      '  - { id: d, type: door, site: east, home: h1, building: b2 }',
      'devices[0].building: home h1 is in building b1',
    ],
    [
      'devices',
      '  - { id: d, type: door, site: east, home: h1, grid: g2 }',
      'devices[0].grid: building b1 is in grid g1',
    ],
    [
      'devices',
      '  - { id: d, type: door, site: west, home: h1 }',
      'devices[0].site: grid g1 is in site east',
    ],
    [
      'devices',
      '  - { id: d, type: bin, site: east, meta: { wheels: 4 } }',
      'devices[0].meta.wheels: bin has no such meta field',
    ],
    [
      'devices',
      '  - { id: d, type: bin, site: east, meta: { binCapacity: "120" } }',
      'devices[0].meta.binCapacity: has the wrong type',
    ],
    [
      'devices',
      '  - { id: d, type: bin, site: east, meta: { binFullnessThreshold: 80 } }',
      'binFullnessThreshold: is out of range',
    ],
    [
      'devices',
      '  - { id: d, type: door, site: east, meta: { role: exit } }',
      'devices[0].meta.role: is not one of the known words',
    ],
    ['devices', '  - { id: d, type: bin, site: east, name: 7 }', 'devices[0].name: expected a text'],
  ])('%s: %s', (list, entry, message) => {
    // The list replaces the base file's own when it has one.
    const without = base.replace(new RegExp(`^${list}:\\n(?:  .*\\n)+`, 'm'), '')
    const needed = list === 'crews' || list === 'grids' || list === 'homes' ? without : base
    const alone = problemsOf(`${needed}${list}:\n${entry}\n`).filter((problem) =>
      problem.includes(`${list}[0]`),
    )
    expect(alone).toEqual([expect.stringContaining(message)])
    expect(alone[0]).toMatch(/^c\.yaml:\d+:\d+ /)
  })

  test.each([
    [
      'from: 2026-03-02T00:00:00Z, to: 2026-03-01T00:00:00Z, reason: hospital',
      'away[0].to: ends before it begins',
    ],
    ['from: 2026-03-02T00:00:00Z, to: 2026-03-03T00:00:00Z, reason: bored', 'away[0].reason'],
    ['from: tomorrow, to: 2026-03-03T00:00:00Z, reason: travel', 'away[0].from'],
  ])('an absence of a resident: %s', (away, message) => {
    expect(problemsWith(`residents:\n  - { id: r1, home: h1, name: Wang, away: [{ ${away} }] }\n`)).toEqual([
      expect.stringContaining(`residents[0].${message}`),
    ])
  })

  test('a duty that ends before it begins', () => {
    expect(
      problemsWith(
        'staff:\n  - { login: li, name: Li, role: crew, crew: lifts }\nroster:\n  - { login: li, from: 2026-03-02T00:00:00Z, to: 2026-03-01T00:00:00Z }\n',
      ),
    ).toEqual([expect.stringContaining('roster[0].to: ends before it begins')])
  })
})

test.each([
  ['nothing', ''],
  ['a list', '- a\n- b\n'],
  ['no sites', 'grids: []\n'],
  ['lists that are not lists', 'sites: 7\ndevices: { id: d }\n'],
  ['entries that are not maps', `${base}devices: [1, null, [d]]\n`],
  ['broken YAML', 'sites: [1,\n'],
  ['a key named like a part of every object', `${base}constructor: 1\n`],
  ['an alias bomb', `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]`],
  ['a huge file', `# ${'x'.repeat(17 * 1024 * 1024)}`],
])('%s is refused with a problem, not thrown', (_name, text) => {
  expect(problemsOf(text).length).toBeGreaterThan(0)
})

test('any text is read or refused with problems, never thrown', () => {
  const lines = base.split('\n')
  const mutated = fc
    .tuple(
      fc.nat(lines.length - 1),
      fc.oneof(fc.string(), fc.constantFrom('  - &a [*a]', '    - {', 'homes: !!x 1', '  <<: 1')),
    )
    .map(([at, line]) => lines.toSpliced(at, 1, line).join('\n'))
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string(), fc.json()), (text) => {
      const read = readCommunity(text, 'c.yaml')
      expect(read.ok || read.problems.length > 0).toBe(true)
    }),
    { numRuns: 300 },
  )
})

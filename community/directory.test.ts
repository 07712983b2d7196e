import { describe, expect, test } from 'vitest'
import { buildDirectory, createLiveDirectory } from './directory.ts'
import { readCommunity } from './read.ts'

const text = `
sites: [{ id: s, name: { zh: 东区, en: East }, timeZone: Asia/Shanghai, latitude: 31.2, longitude: 121.4 }]
grids: [{ id: g, site: s, name: { zh: 一网格, en: Grid 1 } }]
buildings: [{ id: b, grid: g, name: { zh: 3号楼, en: Building 3 }, latitude: 31.25, longitude: 121.45 }]
homes:
  - { id: h1, building: b, name: "501", persons: 2 }
  - { id: h2, building: b, name: { zh: 3号楼, en: Building 3 } }
devices:
  - { id: in-home, type: door, site: s, home: h1, place: { zh: 入户门, en: entrance } }
  - { id: same-name, type: door, site: s, home: h2, name: Door }
  - { id: lift, type: elevator, site: s, building: b }
  - { id: bin, type: bin, site: s, grid: g, place: { zh: 东门, en: east gate }, latitude: 1, longitude: 2 }
  - { id: lamp, type: streetlight, site: s, circuit: c1, gateway: gw }
residents:
  - { id: r1, home: h1, name: 王秀英, phone: "13800000000", contacts: [{ name: 王强, phone: "13900000000" }] }
  - { id: r2, home: h1, name: 李国强, fragile: true }
`
const fileOf = (yaml: string) => {
  const read = readCommunity(yaml, 'c.yaml')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.file
}

describe('directory', () => {
  const directory = buildDirectory(fileOf(text))

  test.each([
    ['in-home', '3号楼 501 入户门', 'Building 3, 501, entrance'],
    ['same-name', '3号楼 Door', 'Building 3, Door'],
    ['lift', '3号楼', 'Building 3'],
    ['bin', '一网格 东门', 'Grid 1, east gate'],
    ['lamp', '东区', 'East'],
  ])('the place of %s', (id, zh, en) => {
    expect(directory.device(id)?.place).toEqual({ zh, en })
  })

  test('places missing in the file follow from the home', () => {
    expect(directory.device('in-home')).toMatchObject({
      grid: 'g',
      building: 'b',
      home: 'h1',
      circuit: null,
      latitude: 31.25,
      longitude: 121.45,
    })
    expect(directory.device('bin')).toMatchObject({ building: null, latitude: 1, longitude: 2 })
    expect(directory.device('lamp')).toMatchObject({ circuit: 'c1', gateway: 'gw', latitude: null })
  })

  test('a home is fragile when any resident of it is', () => {
    expect(directory.home('h1')).toMatchObject({ site: 's', persons: 2, fragile: true })
    expect(directory.home('h1')?.devices.map(({ id }) => id)).toEqual(['in-home'])
    expect(directory.home('h2')?.fragile).toBe(false)
  })

  test('contains no names or phones of residents', () => {
    const everything = JSON.stringify([
      directory.devices(),
      directory.sites(),
      directory.grids(),
      directory.crews(),
      ['h1', 'h2'].map((id) => directory.home(id)),
    ])
    for (const secret of ['王', '李国强', '13800000000', '13900000000'])
      expect(everything).not.toContain(secret)
  })

  test('an unknown id is undefined', () => {
    expect(directory.device('x')).toBeUndefined()
    expect(directory.home('constructor')).toBeUndefined()
  })
})

test('a new file replaces the running one for all references to the directory', () => {
  const directory = createLiveDirectory(fileOf(text))
  const { device } = directory
  directory.replace(fileOf(text.replace('id: bin,', 'id: bin2,')))
  expect([device('bin'), device('bin2')?.id]).toEqual([undefined, 'bin2'])
  expect(directory.file().devices.map(({ id }) => id)).toContain('bin2')
})

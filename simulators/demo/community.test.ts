import { describe, expect, test } from 'vitest'
import { communityFile } from '../../model/community-file.ts'
import { fieldProblem } from '../../model/device-type.ts'
import { deviceTypes } from '../../model/devices/table.ts'
import { roles } from '../../model/user.ts'
import { makeCommunity } from './community.ts'

const file = communityFile.parse(makeCommunity())

describe('makeCommunity', () => {
  test('the same seed gives the same community, another seed another one', () => {
    expect(makeCommunity()).toEqual(makeCommunity())
    expect(makeCommunity({ seed: 'other' })).not.toEqual(makeCommunity())
  })

  test('has 2 sites, 4 grids, about 200 devices of every type, all roles, crews and residents', () => {
    expect(file.sites).toHaveLength(2)
    expect(file.grids).toHaveLength(4)
    expect(file.devices.length).toBeGreaterThan(180)
    expect(new Set(file.devices.map((device) => device.type))).toEqual(new Set(deviceTypes.keys()))
    expect(new Set(file.staff.map((person) => person.role))).toEqual(new Set(roles))
    expect(file.staff.map((person) => person.login)).toEqual(
      expect.arrayContaining(['duty', 'grid1', 'crew1', 'supervisor', 'admin']),
    )
    expect(file.residents).toHaveLength(file.homes.length)
    expect(file.residents.some((resident) => resident.fragile)).toBe(true)
  })

  test('grows with its size', () => {
    const large = communityFile.parse(makeCommunity({ sites: 3, homesPerBuilding: 10 }))
    expect(large.sites).toHaveLength(3)
    expect(large.homes).toHaveLength(3 * 2 * 3 * 10)
  })

  test.each(['sites', 'grids', 'buildings', 'homes', 'devices', 'residents', 'crews'] as const)(
    'ids of %s are unique',
    (list) => {
      const ids = file[list].map((one) => one.id)
      expect(new Set(ids).size).toBe(ids.length)
    },
  )

  test('every reference has a target', () => {
    const has = (list: readonly { readonly id: string }[]) => {
      const ids = new Set(list.map((one) => one.id))
      return (id: string | undefined) => id === undefined || ids.has(id)
    }
    const [site, grid, building, home, crew] = [
      has(file.sites),
      has(file.grids),
      has(file.buildings),
      has(file.homes),
      has(file.crews),
    ]
    expect(file.grids.filter((one) => !site(one.site))).toEqual([])
    expect(file.buildings.filter((one) => !grid(one.grid))).toEqual([])
    expect(file.homes.filter((one) => !building(one.building))).toEqual([])
    expect(file.residents.filter((one) => !home(one.home))).toEqual([])
    expect(file.staff.filter((one) => !crew(one.crew) || !grid(one.grid))).toEqual([])
    const lost = file.devices.filter(
      (one) => !site(one.site) || !grid(one.grid) || !building(one.building) || !home(one.home),
    )
    expect(lost).toEqual([])
  })

  test('static facts are valid for the type', () => {
    const wrong = file.devices.flatMap((device) =>
      Object.entries(device.meta).filter(([name, value]) => {
        const field = deviceTypes.get(device.type)?.meta[name]
        return !field || fieldProblem(field, value) !== undefined
      }),
    )
    expect(wrong).toEqual([])
  })
})

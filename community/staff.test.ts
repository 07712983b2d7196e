import { describe, expect, test } from 'vitest'
import { communityFile } from '../model/community-file.ts'
import { memoryRecords } from '../tests/support/memory-records.ts'
import { saveStaff } from './staff.ts'

const fileWith = (staff: readonly object[]) =>
  communityFile.parse({
    sites: [{ id: 's', name: 'S', timeZone: 'UTC', latitude: 0, longitude: 0 }],
    staff,
  })

describe('staff of the file', () => {
  test('become users without a password; a second time changes nothing', async () => {
    const records = memoryRecords()
    const file = fileWith([{ login: 'li', name: 'Li', role: 'crew', crew: 'lifts' }])
    await saveStaff(records, file)
    await saveStaff(records, file)
    expect(await records.users.list()).toEqual([
      {
        login: 'li',
        name: 'Li',
        role: 'crew',
        crew: 'lifts',
        grid: null,
        passwordHash: null,
        disabled: false,
      },
    ])
  })

  test('name and role follow the file; password, lock and other users stay', async () => {
    const records = memoryRecords()
    const person = {
      name: 'Old',
      role: 'crew',
      crew: null,
      grid: null,
      passwordHash: 'hash',
      disabled: true,
    } as const
    await records.users.put({ ...person, login: 'li' })
    await records.users.put({ ...person, login: 'added-by-hand' })
    const promoted = fileWith([{ login: 'li', name: 'Li', role: 'supervisor' }])
    expect(await saveStaff(records, promoted)).toEqual(['li'])
    expect(await saveStaff(records, promoted)).toEqual([])
    expect(await records.users.get('li')).toMatchObject({
      name: 'Li',
      role: 'supervisor',
      passwordHash: 'hash',
      disabled: true,
    })
    expect((await records.users.get('added-by-hand'))?.name).toBe('Old')
  })
})

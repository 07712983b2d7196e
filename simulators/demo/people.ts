/** The people of the invented community: roles for staff, rooms for residents, numbers that no telephone has. */
import type { CommunityFileInput } from '../../model/community-file.ts'
import type { Random } from '../random.ts'

type Part = Required<CommunityFileInput>

export const buildingName = (number: number) => ({ zh: `${number} 号楼`, en: `Building ${number}` })

/** The first crew repairs everything, so that any alert can be sent somewhere. */
export const crews: Part['crews'] = [
  { id: 'repair', name: { zh: '综合维修队', en: 'General repair' } },
  { id: 'lift', name: { zh: '电梯维保队', en: 'Lift service' }, deviceTypes: ['elevator'] },
  { id: 'light', name: { zh: '照明维修队', en: 'Street lighting' }, deviceTypes: ['streetlight', 'cabinet'] },
  { id: 'clean', name: { zh: '环卫队', en: 'Cleaning' }, deviceTypes: ['bin'] },
  { id: 'care', name: { zh: '关爱服务队', en: 'Care service' }, deviceTypes: ['door', 'motion', 'kiosk'] },
]

/** One login of each role, and one for each grid and crew. */
export function staffOf(grids: readonly string[]): Part['staff'] {
  return [
    { login: 'duty', name: '值班员', role: 'duty-officer' },
    { login: 'supervisor', name: '督办员', role: 'supervisor' },
    { login: 'admin', name: '管理员', role: 'administrator' },
    ...grids.map((grid, index) => ({
      login: `grid${index + 1}`,
      name: `网格员 ${index + 1}`,
      role: 'grid-worker' as const,
      grid,
    })),
    ...crews.map((crew, index) => ({
      login: `crew${index + 1}`,
      name: `维修员 ${index + 1}`,
      role: 'crew' as const,
      crew: crew.id,
    })),
  ]
}

export function residentOf(home: string, room: string, random: Random): Part['residents'][number] {
  const digits = () => String(random.int(0, 9999)).padStart(4, '0')
  return {
    id: `${home}-r1`,
    home,
    name: `住户 ${room}`,
    // A Chinese mobile number never begins with 100.
    phone: `1000000${digits()}`,
    fragile: random.chance(0.25),
    livesAlone: true,
    contacts: [{ name: `家属 ${room}`, phone: `1000000${digits()}`, relation: '子女' }],
  }
}

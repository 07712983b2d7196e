/** Staff and residents of the demo community, with phone numbers that do not exist. */
import type { CommunityFileInput } from '../../model/community-file.ts'
import type { Random } from '../random.ts'

type Part = Required<CommunityFileInput>

/** Name by building number. */
export const buildingName = (number: number) => ({ zh: `${number} 号楼`, en: `Building ${number}` })

/** The first crew accepts all device types, so that every alert can be assigned. */
export const crews: Part['crews'] = [
  { id: 'repair', name: { zh: '综合维修队', en: 'General repair' } },
  { id: 'lift', name: { zh: '电梯维保队', en: 'Lift service' }, deviceTypes: ['elevator'] },
  { id: 'light', name: { zh: '照明维修队', en: 'Street lighting' }, deviceTypes: ['streetlight', 'cabinet'] },
  { id: 'clean', name: { zh: '环卫队', en: 'Cleaning' }, deviceTypes: ['bin'] },
  { id: 'care', name: { zh: '关爱服务队', en: 'Care service' }, deviceTypes: ['door', 'motion', 'kiosk'] },
]

/** One login per role, and one per grid and crew. */
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

/** The resident of a home, with one relative as contact. */
export function residentOf(home: string, room: string, random: Random): Part['residents'][number] {
  const digits = () => String(random.int(0, 9999)).padStart(4, '0')
  return {
    id: `${home}-r1`,
    home,
    name: `住户 ${room}`,
    // No Chinese mobile number begins with 100.
    phone: `1000000${digits()}`,
    fragile: random.chance(0.25),
    livesAlone: true,
    contacts: [{ name: `家属 ${room}`, phone: `1000000${digits()}`, relation: '子女' }],
  }
}

/** One site with one of everything: what most acceptance tests need. */
import type { CommunityFileInput } from '../../model/community-file.ts'

const lamps = Array.from({ length: 6 }, (_, index) => ({
  id: `lamp-${index + 1}`,
  type: 'streetlight',
  site: 'lotus',
  grid: 'east',
  circuit: 'c1',
  place: { zh: `${index + 1} 号灯`, en: `Lamp ${index + 1}` },
  meta: { powerRating: 60 },
}))

export const smallCommunity: CommunityFileInput = {
  sites: [
    {
      id: 'lotus',
      name: { zh: '荷花苑', en: 'Lotus Court' },
      timeZone: 'Asia/Shanghai',
      latitude: 31.23,
      longitude: 121.47,
    },
  ],
  grids: [{ id: 'east', site: 'lotus', name: { zh: '东网格', en: 'East grid' } }],
  buildings: [{ id: 'b3', grid: 'east', name: { zh: '3 号楼', en: 'Building 3' } }],
  homes: [
    { id: 'b3-201', building: 'b3', name: { zh: '201 室', en: 'Flat 201' } },
    { id: 'b3-202', building: 'b3', name: { zh: '202 室', en: 'Flat 202' } },
  ],
  residents: [{ id: 'r-201', home: 'b3-201', name: '住户 3-201' }],
  devices: [
    { id: 'lift-1', type: 'elevator', site: 'lotus', building: 'b3', meta: { floors: 18 } },
    { id: 'door-201', type: 'door', site: 'lotus', home: 'b3-201', meta: { role: 'entrance' } },
    { id: 'motion-202', type: 'motion', site: 'lotus', home: 'b3-202', meta: { room: 'kitchen' } },
    {
      id: 'bin-1',
      type: 'bin',
      site: 'lotus',
      grid: 'east',
      place: { zh: '1 号投放点', en: 'Bin station 1' },
    },
    {
      id: 'bin-2',
      type: 'bin',
      site: 'lotus',
      grid: 'east',
      place: { zh: '2 号投放点', en: 'Bin station 2' },
    },
    ...lamps,
  ],
  crews: [{ id: 'repair', name: { zh: '维修一队', en: 'Repair crew' } }],
  staff: [
    { login: 'duty', name: '值班员', role: 'duty-officer' },
    { login: 'crew1', name: '维修员', role: 'crew', crew: 'repair' },
  ],
}

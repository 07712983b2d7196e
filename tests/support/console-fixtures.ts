/** A small community for console tests: places, users, crews, and the findings of a bad evening. */
import type { DeviceEntry, Journaled } from '../../model/entry.ts'
import type { Finding } from '../../model/finding.ts'
import type { Crew, Device, Directory, Grid, Site } from '../../model/ports/directory.ts'
import type { Role, User } from '../../model/user.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const sites: readonly Site[] = [
  {
    id: 'chunhe',
    name: { zh: '春和苑', en: 'Chunhe Garden' },
    timeZone: 'Asia/Shanghai',
    latitude: 31.2,
    longitude: 121.5,
  },
]
const grids: readonly Grid[] = [{ id: 'g1', site: 'chunhe', name: { zh: '第一网格', en: 'Grid 1' } }]
const crews: readonly Crew[] = [
  { id: 'lift-crew', name: { zh: '电梯维保班', en: 'Lift crew' }, site: 'chunhe', deviceTypes: ['elevator'] },
  {
    id: 'light-crew',
    name: { zh: '路灯班', en: 'Lighting crew' },
    site: null,
    deviceTypes: ['streetlight', 'cabinet'],
  },
  { id: 'clean-crew', name: { zh: '环卫清运班', en: 'Waste crew' }, site: null, deviceTypes: ['bin'] },
]

function device(id: string, type: string, zh: string, en: string): Device {
  const lamp = type === 'streetlight'
  return {
    id,
    type,
    site: 'chunhe',
    grid: 'g1',
    building: null,
    home: null,
    circuit: lamp ? 'c-7' : null,
    gateway: null,
    name: null,
    place: { zh, en },
    latitude: null,
    longitude: null,
    meta: lamp ? { powerRating: 80 } : {},
  }
}

const count = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

export const consoleDevices: readonly Device[] = [
  ...count(6).map((n) =>
    device(`lift-${n}`, 'elevator', `${n} 栋 1 单元电梯`, `Building ${n}, unit 1, lift`),
  ),
  ...count(24).map((n) =>
    device(`lamp-${n}`, 'streetlight', `北环路 ${n} 号灯杆`, `North ring road, pole ${n}`),
  ),
  device('cabinet-7', 'cabinet', '北环路 7 号控制柜', 'North ring road, cabinet 7'),
  ...count(8).map((n) => device(`bin-${n}`, 'bin', `${n} 栋东侧垃圾房`, `Building ${n}, east waste room`)),
  ...count(8).map((n) =>
    device(`door-${n}`, 'door', `${n} 栋 2 单元 ${n}01 室`, `Building ${n}, unit 2, room ${n}01`),
  ),
]

export const consoleDirectory: Directory = {
  device: (id) => consoleDevices.find((one) => one.id === id),
  home: () => undefined,
  site: (id) => sites.find((one) => one.id === id),
  crew: (id) => crews.find((one) => one.id === id),
  devices: () => consoleDevices,
  sites: () => sites,
  grids: () => grids,
  crews: () => crews,
}

/** One user per role that the tests need. */
export function consoleUsers(passwordHash: string): User[] {
  const person = (login: string, name: string, role: Role, crew: string | null = null): User => ({
    login,
    name,
    role,
    crew,
    grid: role === 'grid-worker' ? 'g1' : null,
    passwordHash,
    disabled: false,
  })
  return [
    person('duty', '王敏', 'duty-officer'),
    person('chief', '李强', 'supervisor'),
    person('lights', '赵师傅', 'crew', 'light-crew'),
  ]
}

/** A finding that began `age` ms before `now`. */
export function consoleFinding(
  now: number,
  age: number,
  patch: Partial<Finding> & Pick<Finding, 'device' | 'rule' | 'title' | 'reason'>,
): Finding {
  const startedAt = now - age
  return {
    episode: `${patch.rule}:${patch.device}:${startedAt}`,
    change: 'began',
    ref: 'X1',
    kind: 'maintenance',
    severity: 'medium',
    site: 'chunhe',
    at: startedAt,
    startedAt,
    raisedAt: startedAt,
    ended: false,
    evidence: {},
    seq: 1,
    index: 0,
    ...patch,
  }
}

export const entrapment = (now: number): Finding =>
  consoleFinding(now, 95_000, {
    device: 'lift-3',
    rule: 'entrapment-between-floors',
    ref: 'E1',
    kind: 'safety',
    severity: 'critical',
    title: { zh: '电梯困人', en: 'People trapped in lift' },
    reason: {
      zh: '轿厢有人，停在门区外，门已关闭 90 秒',
      en: 'Passengers in the car, outside the door zone, doors closed for 90 s',
    },
    evidence: {
      carPosition: 7,
      carDoorZone: false,
      passengerPresence: true,
      carDoorStatus: 'closed',
      carLoad: 22.5,
    },
  })

/** About forty findings: two about people, a dead feeder with its lamps, bins, silent doors, very long texts. */
export function badEvening(now: number): Finding[] {
  return [
    silentHome(now),
    deadFeeder(now),
    ...darkLamps(now),
    ...bins(now),
    longTexts(now),
    ...silentSensors(now),
    entrapment(now),
  ]
}

function silentHome(now: number): Finding {
  return consoleFinding(now, 3 * HOUR, {
    device: 'door-4',
    rule: 'no-door-opening',
    ref: 'H1',
    kind: 'welfare',
    severity: 'high',
    title: { zh: '长时间未出门', en: 'Nobody has left the home' },
    reason: {
      zh: '入户门 48 小时没有打开，室内也没有活动',
      en: 'Entrance door not opened for 48 h, no movement inside either',
    },
    evidence: { contact: true, batteryLevel: 0.82 },
  })
}

function deadFeeder(now: number): Finding {
  return consoleFinding(now, 26 * MINUTE, {
    device: 'cabinet-7',
    devices: count(18).map((n) => `lamp-${n}`),
    rule: 'circuit-dark',
    ref: 'L4',
    severity: 'high',
    inhibits: ['lamp-dark'],
    title: { zh: '整条回路失电', en: 'Whole circuit without power' },
    reason: {
      zh: '同一回路 18 盏灯在 2 分钟内全部熄灭',
      en: 'All 18 lamps of one circuit went dark within 2 minutes',
    },
    evidence: { activePowerR: 0, voltageR: 0, workingMode: 'automatic' },
  })
}

function darkLamps(now: number): Finding[] {
  return count(24).map((n) =>
    consoleFinding(now, (25 - (n % 5)) * MINUTE, {
      device: `lamp-${n}`,
      rule: 'lamp-dark',
      ref: 'L2',
      title: { zh: '夜间不亮', en: 'Dark at night' },
      reason: { zh: '应亮时功率 0 W 已 10 分钟', en: '0 W for 10 minutes although it should be lit' },
      evidence: { powerConsumption: 0, powerState: 'on' },
    }),
  )
}

function bins(now: number): Finding[] {
  return count(8).map((n) =>
    consoleFinding(now, n * 37 * MINUTE, {
      device: `bin-${n}`,
      rule: n === 2 ? 'bin-fire' : 'bin-full',
      ref: n === 2 ? 'B4' : 'B1',
      kind: n === 2 ? 'safety' : 'sanitation',
      severity: n === 2 ? 'critical' : 'low',
      title: n === 2 ? { zh: '垃圾桶起火', en: 'Bin on fire' } : { zh: '满溢', en: 'Full' },
      reason:
        n === 2
          ? { zh: '桶内温度 71 °C，10 分钟上升 38 °C', en: '71 °C inside, up by 38 °C in 10 minutes' }
          : { zh: `满溢度 ${80 + n}%，超过 80%`, en: `Filling level ${80 + n}%, over 80%` },
      evidence: { fillingLevel: 0.8 + n / 100, temperature: n === 2 ? 71 : 18 },
    }),
  )
}

function longTexts(now: number): Finding {
  return consoleFinding(now, 30 * HOUR, {
    device: 'lift-5',
    rule: 'vibration-rising',
    ref: 'E5',
    severity: 'medium',
    title: {
      zh: '曳引机振动速度持续升高且与近三十天同时段基线相比偏差超过三倍标准差',
      en: 'Traction machine vibration velocity keeps rising and deviates from the thirty-day baseline by more than three standard deviations',
    },
    reason: {
      zh: '振动速度有效值 7.8 mm/s，限值 7.1 mm/s（ISO 10816-3 C 区），过去六小时内有四十三次超过；<b>请勿</b>在未通知维保单位的情况下复位',
      en: 'Vibration velocity 7.8 mm/s RMS, limit 7.1 mm/s (ISO 10816-3 zone C), exceeded forty-three times within the last six hours; <b>do not</b> reset without informing the maintenance company',
    },
    evidence: { vibrationRms: 7.8, motorTemperature: 64.2, tripCount: 1_284_553 },
  })
}

function silentSensors(now: number): Finding[] {
  return count(4).map((n) =>
    consoleFinding(now, n * 52 * MINUTE, {
      device: `door-${n + 4}`,
      rule: 'sensor-silent',
      ref: 'D1',
      kind: 'device',
      severity: 'low',
      title: { zh: '传感器失联', en: 'Sensor silent' },
      reason: { zh: '25 小时没有收到任何消息', en: 'No message for 25 hours' },
      evidence: { batteryLevel: 0.04, rssi: -97 },
    }),
  )
}

/** Three days of bins up to `now`: each fills daily at its own rate and is emptied at midnight. */
export function binDays(now: number): Journaled<DeviceEntry>[] {
  const start = now - 72 * HOUR
  return count(8 * 72).map((n): Journaled<DeviceEntry> => {
    const bin = 1 + (n % 8)
    const hour = Math.floor(n / 8)
    const at = start + hour * HOUR + bin * MINUTE
    return {
      ...{ kind: 'telemetry', site: 'chunhe', type: 'bin', device: `bin-${bin}`, quality: 'live', seq: n },
      ...{ receivedAt: at, ts: at, values: { fillingLevel: ((hour % 24) / 24) * (0.6 + bin * 0.05) } },
    }
  })
}

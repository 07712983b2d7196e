/** Motion or other presence sensor in a home, in the words of zigbee2mqtt; see domain.md 5. */
import { commonTelemetry, type DeviceType } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const motion = {
  type: 'motion',
  label: text('人体感应', 'Motion sensor'),
  power: 'battery',
  telemetry: {
    occupancy: { kind: 'boolean', label: text('有人活动', 'Occupancy') },
    illuminance: { kind: 'number', unit: 'lx', min: 0, max: 200_000, label: text('照度', 'Illuminance') },
    tamper: { kind: 'boolean', label: text('防拆', 'Tamper') },
    ...commonTelemetry,
  },
  meta: {
    room: { kind: 'string', maxLength: 64, label: text('房间', 'Room') },
    /** What the sensor watches: movement, a bed or seat, a flush, an appliance. */
    role: {
      kind: 'enum',
      values: ['movement', 'bed', 'seat', 'flush', 'appliance'],
      label: text('用途', 'Role'),
    },
  },
  events: {
    sos: text('紧急呼叫', 'SOS button'),
    tamper: text('防拆', 'Tamper'),
  },
} as const satisfies DeviceType

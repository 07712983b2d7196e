/** Motion or other presence sensor in a home, in the words of zigbee2mqtt; see domain.md 5. */
import { commonTelemetry, type DeviceType, enumField } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const motion = {
  type: 'motion',
  label: text('人体感应', 'Motion sensor'),
  power: 'battery',
  telemetry: {
    occupancy: {
      kind: 'boolean',
      label: text('活动', 'Activity'),
      words: { true: text('有人活动', 'active'), false: text('无活动', 'none') },
    },
    illuminance: { kind: 'number', unit: 'lx', min: 0, max: 200_000, label: text('照度', 'Illuminance') },
    tamper: {
      kind: 'boolean',
      label: text('防拆', 'Tamper'),
      words: { true: text('已被拆动', 'opened or removed'), false: text('正常', 'normal') },
    },
    ...commonTelemetry,
  },
  meta: {
    room: { kind: 'string', maxLength: 64, label: text('房间', 'Room') },
    /** What the sensor watches: movement, a bed or seat, a flush, an appliance. */
    role: enumField(text('用途', 'Role'), {
      movement: text('活动', 'movement'),
      bed: text('床', 'bed'),
      seat: text('座椅', 'seat'),
      flush: text('冲水', 'toilet flush'),
      appliance: text('电器', 'appliance'),
    }),
  },
  events: {
    sos: text('紧急呼叫', 'SOS button'),
    tamper: text('防拆', 'Tamper'),
  },
} as const satisfies DeviceType

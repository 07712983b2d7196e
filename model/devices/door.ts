/** Door or cupboard contact, in the words of zigbee2mqtt; see domain.md 5. */
import { commonTelemetry, type DeviceType, enumField } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const door = {
  type: 'door',
  label: text('门磁', 'Door sensor'),
  power: 'battery',
  telemetry: {
    /** true = CLOSED, false = open (zigbee2mqtt); easy to invert. */
    contact: {
      kind: 'boolean',
      label: text('门', 'Door'),
      words: { true: text('关', 'closed'), false: text('开', 'open') },
    },
    openCount: {
      kind: 'number',
      unit: '1',
      integer: true,
      min: 0,
      max: 1e9,
      counter: true,
      label: text('开门次数', 'Openings'),
    },
    lastOpenDuration: {
      kind: 'number',
      unit: 's',
      min: 0,
      max: 1e8,
      label: text('上次开门时长', 'Last open duration'),
    },
    tamper: {
      kind: 'boolean',
      label: text('防拆', 'Tamper'),
      words: { true: text('已被拆动', 'opened or removed'), false: text('正常', 'normal') },
    },
    /** Of a gateway or a door sensor that measures it; without it the door is evaluated as in mild weather. */
    outdoorTemperature: {
      kind: 'number',
      unit: '°C',
      min: -60,
      max: 60,
      label: text('室外温度', 'Outdoor temperature'),
    },
    ...commonTelemetry,
  },
  meta: {
    room: { kind: 'string', maxLength: 64, label: text('房间', 'Room') },
    role: enumField(text('用途', 'Role'), {
      entrance: text('入户门', 'entrance'),
      interior: text('室内门', 'interior door'),
      cabinet: text('柜门', 'cupboard'),
    }),
  },
  events: {
    sos: text('紧急呼叫', 'SOS button'),
    tamper: text('防拆', 'Tamper'),
  },
} as const satisfies DeviceType

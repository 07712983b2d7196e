/** Water leak sensor, in the words of zigbee2mqtt; see domain.md 6. */
import { commonTelemetry, type DeviceType } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const waterleak = {
  type: 'waterleak',
  label: text('水浸传感器', 'Water leak sensor'),
  power: 'battery',
  telemetry: {
    water_leak: {
      kind: 'boolean',
      label: text('漏水', 'Water leak'),
      words: { true: text('有水', 'wet'), false: text('干燥', 'dry') },
    },
    test: {
      kind: 'boolean',
      label: text('自检', 'Test'),
      words: { true: text('自检中', 'under test'), false: text('正常工作', 'in service') },
    },
    tamper: {
      kind: 'boolean',
      label: text('防拆', 'Tamper'),
      words: { true: text('已被拆动', 'opened or removed'), false: text('正常', 'normal') },
    },
    ...commonTelemetry,
  },
  meta: {
    room: { kind: 'string', maxLength: 64, label: text('房间', 'Room') },
  },
  events: {
    tamper: text('防拆', 'Tamper'),
  },
} as const satisfies DeviceType

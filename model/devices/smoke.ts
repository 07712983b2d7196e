/** Smoke alarm, in the words of zigbee2mqtt; see domain.md 6. */
import { commonTelemetry, type DeviceType } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const smoke = {
  type: 'smoke',
  label: text('烟感', 'Smoke alarm'),
  power: 'battery',
  telemetry: {
    smoke: {
      kind: 'boolean',
      label: text('烟雾', 'Smoke'),
      words: { true: text('有烟', 'smoke'), false: text('无烟', 'none') },
    },
    /** Obscuration; only for the eye, the alarm is what the device itself decides. */
    smoke_density: {
      kind: 'number',
      unit: 'dB/m',
      min: 0,
      max: 100,
      label: text('烟雾浓度', 'Smoke density'),
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

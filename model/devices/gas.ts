/** Combustible gas alarm, in the words of zigbee2mqtt; see domain.md 6. */
import { commonTelemetry, type DeviceType } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const gas = {
  type: 'gas',
  label: text('燃气报警器', 'Gas alarm'),
  // Its heated sensor needs the mains.
  power: 'mains',
  telemetry: {
    gas: {
      kind: 'boolean',
      label: text('燃气', 'Gas'),
      words: { true: text('有燃气', 'gas'), false: text('无燃气', 'none') },
    },
    /** Share of the lower explosive limit; only for the eye, the alarm is what the device itself decides. */
    gas_value: {
      kind: 'number',
      unit: '%LEL',
      min: 0,
      max: 100,
      label: text('燃气浓度', 'Gas concentration'),
    },
    test: {
      kind: 'boolean',
      label: text('自检', 'Test'),
      words: { true: text('自检中', 'under test'), false: text('正常工作', 'in service') },
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

/** Water meter of a home. `waterConsumption` as in FIWARE WaterConsumptionObserved, which counts litres. */
import { commonTelemetry, type DeviceType } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const watermeter = {
  type: 'watermeter',
  label: text('水表', 'Water meter'),
  power: 'battery',
  telemetry: {
    waterConsumption: {
      kind: 'number',
      unit: 'L',
      min: 0,
      max: 1e9,
      counter: true,
      label: text('累计用水', 'Water drawn so far'),
    },
    ...commonTelemetry,
  },
  meta: {
    room: { kind: 'string', maxLength: 64, label: text('房间', 'Room') },
  },
  events: {},
} as const satisfies DeviceType

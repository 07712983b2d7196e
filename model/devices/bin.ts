/** Waste bin, in the words of FIWARE WasteContainer; see domain.md 4. */
import { commonTelemetry, type DeviceType } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const bin = {
  type: 'bin',
  label: text('智能垃圾桶', 'Smart bin'),
  power: 'battery',
  telemetry: {
    fillingLevel: { kind: 'number', unit: '1', min: 0, max: 1, label: text('满溢度', 'Filling level') },
    distance: { kind: 'number', unit: 'mm', min: 0, max: 10_000, label: text('测距', 'Distance') },
    temperature: { kind: 'number', unit: '°C', min: -40, max: 300, label: text('温度', 'Temperature') },
    position: { kind: 'enum', values: ['normal', 'tilt'], label: text('姿态', 'Position') },
    status: {
      kind: 'enum',
      values: ['ok', 'lidOpen', 'dropped', 'moved', 'vandalized', 'burning', 'unknown'],
      label: text('状态', 'Status'),
    },
    cargoWeight: { kind: 'number', unit: 'kg', min: 0, max: 5000, label: text('重量', 'Cargo weight') },
    methaneConcentration: { kind: 'number', unit: 'ppm', min: 0, max: 1e6, label: text('甲烷', 'Methane') },
    ...commonTelemetry,
  },
  meta: {
    binCapacity: { kind: 'number', unit: 'l', min: 0, max: 50_000, label: text('容积', 'Capacity') },
    binFullnessThreshold: {
      kind: 'number',
      unit: '1',
      min: 0,
      max: 1,
      label: text('清运阈值', 'Fullness threshold'),
    },
    storedWasteKind: {
      kind: 'enum',
      values: [
        'organic',
        'inorganic',
        'glass',
        'oil',
        'plastic',
        'metal',
        'paper',
        'batteries',
        'electronics',
        'hazardous',
        'other',
      ],
      label: text('垃圾种类', 'Waste kind'),
    },
  },
  events: {
    emptied: text('已清空', 'Emptied'),
    tamper: text('防拆', 'Tamper'),
  },
} as const satisfies DeviceType

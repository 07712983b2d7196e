/** Waste bin, in the words of FIWARE WasteContainer; see domain.md 4. */
import { commonTelemetry, type DeviceType, enumField } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const bin = {
  type: 'bin',
  label: text('智能垃圾桶', 'Smart bin'),
  power: 'battery',
  telemetry: {
    fillingLevel: { kind: 'number', unit: '1', min: 0, max: 1, label: text('满溢度', 'Filling level') },
    distance: { kind: 'number', unit: 'mm', min: 0, max: 10_000, label: text('测距', 'Distance') },
    temperature: { kind: 'number', unit: '°C', min: -40, max: 300, label: text('温度', 'Temperature') },
    position: enumField(text('姿态', 'Position'), {
      normal: text('正放', 'upright'),
      tilt: text('倾斜', 'tilted'),
    }),
    status: enumField(text('状态', 'Status'), {
      ok: text('正常', 'normal'),
      lidOpen: text('桶盖未关', 'lid open'),
      dropped: text('倾倒', 'toppled'),
      moved: text('被移动', 'moved'),
      vandalized: text('被破坏', 'vandalised'),
      burning: text('起火', 'burning'),
      unknown: text('未知', 'unknown'),
    }),
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
    emptyDistance: {
      kind: 'number',
      unit: 'mm',
      min: 0,
      max: 10_000,
      label: text('空桶测距', 'Distance when empty'),
    },
    collectionTimes: { kind: 'string', maxLength: 64, label: text('清运时刻', 'Collection times') },
    storedWasteKind: enumField(text('垃圾种类', 'Waste kind'), {
      organic: text('厨余垃圾', 'organic'),
      inorganic: text('无机垃圾', 'inorganic'),
      glass: text('玻璃', 'glass'),
      oil: text('废油', 'oil'),
      plastic: text('塑料', 'plastic'),
      metal: text('金属', 'metal'),
      paper: text('纸类', 'paper'),
      batteries: text('废电池', 'batteries'),
      electronics: text('电子废弃物', 'electronics'),
      hazardous: text('有害垃圾', 'hazardous'),
      other: text('其他', 'other'),
    }),
  },
  events: {
    emptied: text('已清空', 'Emptied'),
    tamper: text('防拆', 'Tamper'),
  },
} as const satisfies DeviceType

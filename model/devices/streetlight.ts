/** One street light, in the words of FIWARE Streetlight and TALQ LampMonitor; see domain.md 3. */
import { commonTelemetry, type DeviceType, enumField } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const streetlight = {
  type: 'streetlight',
  label: text('路灯', 'Street light'),
  power: 'mains',
  telemetry: {
    powerState: enumField(text('开关状态', 'Power state'), {
      on: text('亮', 'on'),
      off: text('灭', 'off'),
      low: text('低亮度', 'dimmed'),
      bootingUp: text('启动中', 'starting up'),
    }),
    status: enumField(text('状态', 'Status'), {
      ok: text('正常', 'normal'),
      defectiveLamp: text('灯具故障', 'lamp defective'),
      columnIssue: text('灯杆异常', 'column damaged'),
      brokenLantern: text('灯罩损坏', 'lantern broken'),
    }),
    switchingMode: enumField(text('开关方式', 'Switching mode'), {
      'night-ON': text('夜间亮', 'on at night'),
      'night-OFF': text('夜间灭', 'off at night'),
      'night-LOW': text('夜间低亮', 'dimmed at night'),
      'always-ON': text('常亮', 'always on'),
      'day-ON': text('白天亮', 'on by day'),
      'day-OFF': text('白天灭', 'off by day'),
      'day-LOW': text('白天低亮', 'dimmed by day'),
    }),
    illuminanceLevel: { kind: 'number', unit: '1', min: 0, max: 1, label: text('调光', 'Dim level') },
    powerConsumption: { kind: 'number', unit: 'W', min: 0, max: 5000, label: text('功率', 'Power') },
    voltage: { kind: 'number', unit: 'V', min: 0, max: 500, label: text('电压', 'Voltage') },
    current: { kind: 'number', unit: 'A', min: 0, max: 100, label: text('电流', 'Current') },
    powerFactor: { kind: 'number', unit: '1', min: -1, max: 1, label: text('功率因数', 'Power factor') },
    activeEnergy: {
      kind: 'number',
      unit: 'kWh',
      min: 0,
      max: 1e9,
      counter: true,
      label: text('电能', 'Energy'),
    },
    operatingHours: {
      kind: 'number',
      unit: 'h',
      min: 0,
      max: 1e6,
      counter: true,
      label: text('点亮时数', 'Operating hours'),
    },
    switchOnCounter: {
      kind: 'number',
      unit: '1',
      integer: true,
      min: 0,
      max: 1e9,
      counter: true,
      label: text('开灯次数', 'Switch-ons'),
    },
    temperature: { kind: 'number', unit: '°C', min: -60, max: 150, label: text('温度', 'Temperature') },
    ...commonTelemetry,
  },
  meta: {
    powerRating: { kind: 'number', unit: 'W', min: 0, max: 5000, label: text('额定功率', 'Power rating') },
    lampPowerTolerance: {
      kind: 'number',
      unit: 'W',
      min: 0,
      max: 5000,
      label: text('功率允差', 'Power tolerance'),
    },
    maxOperatingHours: { kind: 'number', unit: 'h', min: 0, max: 1e6, label: text('寿命', 'Rated life') },
  },
  events: {
    tilt: text('灯杆倾斜', 'Pole tilted'),
    tamper: text('防拆', 'Tamper'),
  },
} as const satisfies DeviceType

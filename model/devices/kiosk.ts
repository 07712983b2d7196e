/** Health station at home: blood pressure and glucose (LOINC 8480-6, 8462-4, 8867-4, 15074-8); see domain.md 6. */
import { commonTelemetry, type DeviceType, enumField } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

export const kiosk = {
  type: 'kiosk',
  label: text('健康一体机', 'Health station'),
  power: 'mains',
  /** A message has one measurement; a message between measurements has none of these. */
  telemetry: {
    systolicBloodPressure: {
      kind: 'number',
      unit: 'mmHg',
      min: 40,
      max: 300,
      label: text('收缩压', 'Systolic blood pressure'),
    },
    diastolicBloodPressure: {
      kind: 'number',
      unit: 'mmHg',
      min: 20,
      max: 200,
      label: text('舒张压', 'Diastolic blood pressure'),
    },
    heartRate: { kind: 'number', unit: '1/min', min: 20, max: 300, label: text('心率', 'Heart rate') },
    bloodGlucose: { kind: 'number', unit: 'mmol/L', min: 0.5, max: 50, label: text('血糖', 'Blood glucose') },
    context: enumField(text('测量时段', 'Context'), {
      fasting: text('空腹', 'fasting'),
      postprandial: text('餐后', 'after a meal'),
    }),
    ...commonTelemetry,
  },
  meta: {
    room: { kind: 'string', maxLength: 64, label: text('房间', 'Room') },
  },
  events: {
    tamper: text('防拆', 'Tamper'),
  },
} as const satisfies DeviceType

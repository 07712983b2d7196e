/** Street-lighting control cabinet, in the words of FIWARE StreetlightControlCabinet; see domain.md 3. */
import { commonTelemetry, type DeviceType, enumField, type NumberField } from '../device-type.ts'

const text = (zh: string, en: string) => ({ zh, en })

/** One quantity of one phase; R, S, T as FIWARE names them. */
const phase = (field: Omit<NumberField, 'kind' | 'label'>, zh: string, en: string) =>
  ({ kind: 'number', ...field, label: text(zh, en) }) as const

const power = { unit: 'kW', min: -1000, max: 1000 }
const voltage = { unit: 'V', min: 0, max: 500 }
const intensity = { unit: 'A', min: 0, max: 2000 }
const factor = { unit: '1', min: -1, max: 1 }

export const cabinet = {
  type: 'cabinet',
  label: text('路灯控制柜', 'Lighting cabinet'),
  power: 'mains',
  telemetry: {
    workingMode: enumField(text('工作方式', 'Working mode'), {
      automatic: text('自动', 'automatic'),
      manual: text('手动', 'manual'),
      semiautomatic: text('半自动', 'semi-automatic'),
    }),
    activePowerR: phase(power, 'R 相有功功率', 'Active power R'),
    activePowerS: phase(power, 'S 相有功功率', 'Active power S'),
    activePowerT: phase(power, 'T 相有功功率', 'Active power T'),
    voltageR: phase(voltage, 'R 相电压', 'Voltage R'),
    voltageS: phase(voltage, 'S 相电压', 'Voltage S'),
    voltageT: phase(voltage, 'T 相电压', 'Voltage T'),
    intensityR: phase(intensity, 'R 相电流', 'Current R'),
    intensityS: phase(intensity, 'S 相电流', 'Current S'),
    intensityT: phase(intensity, 'T 相电流', 'Current T'),
    powerFactorR: phase(factor, 'R 相功率因数', 'Power factor R'),
    powerFactorS: phase(factor, 'S 相功率因数', 'Power factor S'),
    powerFactorT: phase(factor, 'T 相功率因数', 'Power factor T'),
    energyConsumed: {
      kind: 'number',
      unit: 'kWh',
      min: 0,
      max: 1e9,
      counter: true,
      label: text('累计电能', 'Energy consumed'),
    },
    ...commonTelemetry,
  },
  meta: {
    lamps: { kind: 'number', unit: '1', integer: true, min: 0, max: 10_000, label: text('灯数', 'Lamps') },
  },
  events: {
    tamper: text('柜门打开', 'Cabinet opened'),
    'supply-loss': text('失电', 'Supply lost'),
  },
} as const satisfies DeviceType

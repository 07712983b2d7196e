/** Names and values of device fields in the user's language. */
import type { Field, FieldValue, StringField } from '../../../model/device-type.ts'
import { deviceTypes } from '../../../model/devices/table.ts'
import { valueText } from './format.ts'
import { useTexts } from './i18n/index.ts'

export function fieldOf(type: string, name: string): Field | StringField | undefined {
  const description = deviceTypes.get(type)
  return description?.telemetry[name] ?? description?.meta[name]
}

export function useValues() {
  const { t, pick, known, locale } = useTexts()
  return {
    /** The label of a device field or of a value computed by a rule; otherwise the name itself. */
    labelOf(type: string, name: string): string {
      const field = fieldOf(type, name)
      if (field) return pick(field.label)
      const key = `evidence.${name}`
      return known(key) ? t(key) : name
    },
    textOf(type: string, name: string, value: FieldValue): string {
      const words = {
        yes: t('devices.yes'),
        no: t('devices.no'),
        unknown: t('devices.unknown'),
        none: t('devices.none'),
      }
      return valueText(fieldOf(type, name), value, { language: locale.value, words })
    },
  }
}

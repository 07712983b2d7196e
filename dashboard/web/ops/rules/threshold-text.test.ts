import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { labelsOf, parametersOf } from './rule-text.ts'
import { thresholdText } from './threshold-text.ts'

test.each([
  ['2h', '', '2小时', '2 hours'],
  ['1h 30m', '', '1小时 30分钟', '1 hour 30 minutes'],
  ['0.80', 'share', '80 %', '80 %'],
  ['22', 'hour', '22:00', '22:00'],
  ['6.5', 'hour', '6:30', '6:30'],
  ['3', 'day', '3天', '3 days'],
  ['60', '°C', '°C', '°C'],
  ['-1.5', 'V', 'V', 'V'],
  // No text for counts and incomplete values.
  ['5', '', '', ''],
  ['', 'share', '', ''],
  ['0.', 'share', '', ''],
  ['2 hours', '', '', ''],
])('%j in %j', (text, unit, zh, en) => {
  expect([thresholdText(text, unit, 'zh'), thresholdText(text, unit, 'en')]).toEqual([zh, en])
})

/** Labels of counts, which have no unit; every other number needs one. */
const counts = /次数|条|灯数|设备数|周数|电梯|多少|读数中|停靠次数|倍数|消息|功率因数|突增/

test('every threshold of the shipped rules has a label and, unless it is a count, a unit', () => {
  const folder = resolve(import.meta.dirname, '../../../../rules/library')
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'definitions.yaml')
  let seen = 0
  for (const file of files) {
    const shipped = readFileSync(join(folder, file), 'utf8')
    const labels = labelsOf(shipped)
    for (const { name, text } of parametersOf(shipped)) {
      const label = labels.get(name)
      const place = `${file} ${name}`
      expect(label?.zh, place).toMatch(/\p{Script=Han}/u)
      expect(label?.en, place).toMatch(/[a-z]{2}/)
      const words = thresholdText(text, label?.unit ?? '', 'en')
      if (words === '') expect(label?.zh, `${place} has no unit`).toMatch(counts)
      seen += 1
    }
  }
  expect(seen).toBeGreaterThan(200)
})

import { describe, expect, test } from 'vitest'
import { fillText, joinTexts } from './text.ts'

const text = (zh: string, en: string) => ({ zh, en })

describe('fillText', () => {
  test('figures are the same in both languages, words each have their own', () => {
    const filled = fillText(text('轿门{door}，{speed} m/s', 'door {door}, {speed} m/s'), {
      door: text('打开', 'open'),
      speed: 0.5,
    })
    expect(filled).toEqual(text('轿门打开，0.5 m/s', 'door open, 0.5 m/s'))
  })

  test('an unknown placeholder stays visible, also one named like a property of every object', () => {
    const template = text('{nothing} {constructor}', '{nothing} {constructor}')
    expect(fillText(template, {})).toEqual(template)
  })
})

test('several texts in a row', () => {
  expect(joinTexts([text('关门故障', 'door closing fault'), text('启动失败', 'failure to start')])).toEqual(
    text('关门故障、启动失败', 'door closing fault, failure to start'),
  )
})

/** Every word that a room writes into the change log has a text on the screens, in both languages. */
import { describe, expect, test } from 'vitest'
import type { AlertAction } from '../../alerts/step.ts'
import type { CaseLogWord, OrderLogWord } from '../../cases/transitions.ts'
import { en } from '../../dashboard/web/shared/i18n/en.ts'
import { zh } from '../../dashboard/web/shared/i18n/zh.ts'

/** The compiler holds this to the rooms' own lists: a word that is missing or gone does not compile. */
const words: Readonly<Record<AlertAction | CaseLogWord | OrderLogWord | 'case-opened', true>> = {
  raised: true,
  'severity-raised': true,
  'severity-lowered': true,
  cleared: true,
  reopened: true,
  corrected: true,
  retracted: true,
  held: true,
  released: true,
  acknowledged: true,
  unacknowledged: true,
  'acknowledgement-expired': true,
  shelved: true,
  unshelved: true,
  superseded: true,
  'case-opened': true,
  opened: true,
  done: true,
  resumed: true,
  closed: true,
  assigned: true,
  accepted: true,
  arrived: true,
  cancelled: true,
}

describe.each([
  { language: 'zh', actions: zh.actions },
  { language: 'en', actions: en.actions },
])('$language', ({ actions }) => {
  test.each(Object.keys(words))('%s', (word) => {
    expect(actions).toHaveProperty([word])
  })
})

/** Every word that a room writes into the change log or beside a refused message has a text on the screens. */
import { describe, expect, test } from 'vitest'
import type { AlertAction } from '../../alerts/step.ts'
import type { CaseLogWord, LinkLogWord, OrderLogWord } from '../../cases/transitions.ts'
import { en } from '../../dashboard/web/shared/i18n/en.ts'
import { zh } from '../../dashboard/web/shared/i18n/zh.ts'
import type { QuarantineReason } from '../../ingest/read-message.ts'

// The compiler holds these to the rooms' own lists: a word that is missing or gone does not compile.
const actions: Readonly<Record<AlertAction | CaseLogWord | OrderLogWord | LinkLogWord, true>> = {
  raised: true,
  'severity-raised': true,
  'severity-lowered': true,
  cleared: true,
  reopened: true,
  corrected: true,
  retracted: true,
  inhibited: true,
  released: true,
  acknowledged: true,
  unacknowledged: true,
  'acknowledgement-expired': true,
  shelved: true,
  unshelved: true,
  superseded: true,
  'rule-changed': true,
  'case-opened': true,
  'case-joined': true,
  'happened-again': true,
  opened: true,
  done: true,
  resumed: true,
  closed: true,
  assigned: true,
  accepted: true,
  arrived: true,
  cancelled: true,
}

const reasons: Readonly<Record<QuarantineReason, true>> = {
  empty: true,
  'not-utf8': true,
  'byte-order-mark': true,
  'not-json': true,
  'not-an-object': true,
  'too-deep': true,
  'unknown-topic': true,
  'unknown-device': true,
  'wrong-place': true,
  'unknown-event': true,
  'unknown-state': true,
}

describe.each([
  { language: 'zh', texts: zh },
  { language: 'en', texts: en },
])('$language', ({ texts }) => {
  test.each(Object.keys(actions))('the change log: %s', (word) => {
    expect(texts.actions).toHaveProperty([word])
  })
  test.each(Object.keys(reasons))('why a message could not be read: %s', (word) => {
    expect(texts.unreadable).toHaveProperty([word])
  })
})

/** Reasons for refusing a user's command, as codes; screens translate them. */
export const refusalReasons = [
  'note-missing',
  'alert-over',
  'alert-active',
  'alert-critical',
  'alert-retracted',
  'shelf-in-past',
  'shelf-too-long',
  'crew-unknown',
  'crew-of-other-site',
  'crew-at-work',
  'order-moved-on',
  'order-of-others',
  'orders-under-way',
  'case-open',
  'rule-saved-meanwhile',
  'rule-exists',
  'rule-unchanged',
  'trial-running',
  'trials-full',
] as const

export type RefusalReason = (typeof refusalReasons)[number]

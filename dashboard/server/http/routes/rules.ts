/** `/rules`: the list, one rule with its versions; check, try and save a text. */
import { z } from 'zod'
import type { Records } from '../../../../model/ports/records.ts'
import {
  type RuleRegistry,
  ruleCheckBody,
  ruleSaveBody,
  ruleTryBody,
} from '../../../../model/rule-registry.ts'
import type { RuleTrials } from '../../../../model/rule-trial.ts'
import { type ApiApp, addCommand, addQuery, type CommandDeps, idParams } from '../route-table.ts'
import {
  optionalTrialSchema,
  problemsSchema,
  ruleDetailSchema,
  ruleListItemSchema,
  ruleTemplateSchema,
  ruleVersionSchema,
  trialStateSchema,
} from '../rule-schemas.ts'
import { apiErrorSchema } from '../schemas.ts'

export interface RuleRouteDeps extends CommandDeps {
  readonly records: Pick<Records, 'alerts'>
  readonly rules: RuleRegistry
  readonly trials: RuleTrials
}

const tag = 'rules'
/** Each request compiles a rule on the hub's thread: enough for typing, too few to delay the devices. */
const checksPerMinute = 60
const trialsPerMinute = 20
const savesPerMinute = 20

export function addRuleRoutes(app: ApiApp, deps: RuleRouteDeps): void {
  const { rules } = deps
  addQuery(app, {
    tag,
    url: '/rules',
    summary: 'All rules with version and number of active alerts',
    access: 'rule.read',
    response: z.array(ruleListItemSchema),
    run: () => listRules(deps),
  })
  addQuery(app, {
    tag,
    url: '/rules/:id',
    summary: 'One rule: text, versions, failures',
    access: 'rule.read',
    response: ruleDetailSchema,
    run: async ({ id }) => rules.detail(id),
  })
  addQuery(app, {
    tag,
    url: '/rule-templates',
    summary: 'Templates for new rules; never evaluated themselves',
    access: 'rule.read',
    response: z.array(ruleTemplateSchema).readonly(),
    run: async () => rules.templates(),
  })
  addCheck(app, deps)
  addTrial(app, deps)
  addCommand(app, deps, {
    method: 'PUT',
    url: '/rules/:id',
    tag,
    summary:
      'Save a new version, or a new rule (`base` null); in force from the next message; open alerts continue',
    access: 'rule.save',
    perMinute: savesPerMinute,
    body: ruleSaveBody,
    response: ruleVersionSchema,
    run: ({ id, body, context }) => rules.save(id, body, context),
  })
}

function addCheck(app: ApiApp, { rules }: RuleRouteDeps): void {
  app.post(
    '/rules/:id/check',
    {
      config: { access: 'rule.try', perMinute: checksPerMinute },
      schema: {
        tags: [tag],
        summary: 'All problems of a text, with line and column; none = it can be saved',
        params: idParams,
        body: ruleCheckBody,
        response: { 200: problemsSchema, '4xx': apiErrorSchema },
      },
    },
    async ({ params, body }) => ({ problems: rules.check(params.id, body.text, body.isNew) }),
  )
}

function addTrial(app: ApiApp, deps: RuleRouteDeps): void {
  const { trials } = deps
  addCommand(app, deps, {
    url: '/rules/:id/try',
    tag,
    summary:
      'Evaluate the last days with this text and with the version in force; one trial at a time per user',
    access: 'rule.try',
    perMinute: trialsPerMinute,
    body: ruleTryBody,
    response: trialStateSchema,
    run: async ({ id, body, actor, context }) =>
      trials.start(actor.login, { rule: id, ...body }, context.now),
  })
  addCommand(app, deps, {
    url: '/rules/:id/trial/cancel',
    tag,
    summary: 'Cancel my trial',
    access: 'rule.try',
    body: z.strictObject({}),
    response: optionalTrialSchema,
    run: async ({ id, actor }) => {
      if (trials.stateOf(actor.login, id)) trials.cancel(actor.login)
      return { trial: trials.stateOf(actor.login, id) ?? null }
    },
  })
  addQuery(app, {
    tag,
    url: '/rules/:id/trial',
    summary: 'My newest trial of this rule: progress or result',
    access: 'rule.try',
    response: optionalTrialSchema,
    run: async ({ id, actor }) => ({ trial: trials.stateOf(actor.login, id) ?? null }),
  })
}

async function listRules({ rules, records }: RuleRouteDeps): Promise<z.output<typeof ruleListItemSchema>[]> {
  const open = new Map<string, number>()
  for (const { rule, condition } of await records.alerts.open())
    if (condition === 'active') open.set(rule, (open.get(rule) ?? 0) + 1)
  return rules.list().map((rule) => ({ ...rule, openAlerts: open.get(rule.id) ?? 0 }))
}

/** The rules API: permissions, answer schemas, refusal of stale and wrong texts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startHub, type TestHub } from '../../../tests/support/hub.ts'
import { until } from '../../../tests/support/until.ts'
import {
  optionalTrialSchema,
  problemsSchema,
  ruleDetailSchema,
  ruleListItemSchema,
  ruleTemplateSchema,
  ruleVersionSchema,
  trialStateSchema,
} from './rule-schemas.ts'

let hub: TestHub
let duty: string
let chief: string
beforeAll(async () => {
  hub = await startHub()
  duty = await hub.cookieOf('duty-officer')
  chief = await hub.cookieOf('supervisor')
})
afterAll(() => hub.stop())

const api = '/api/v1/rules'
function expectSchema(schema: z.ZodType, body: unknown): void {
  expect(schema.parse(body)).toEqual(body)
}
const textOf = async (id: string): Promise<string> => (await hub.get(`${api}/${id}`, chief)).body.text
const fuller = (text: string, full: number): string => text.replace(/full: [\d.]+/, `full: ${full}`)

describe('reading', () => {
  test('lists rules with open alerts, and one rule with text and versions', async () => {
    await hub.find({ rule: 'bin-full', episode: 'e1' }, { rule: 'bin-full', episode: 'e2', device: 'lamp-2' })
    await hub.find({ rule: 'bin-full', episode: 'e2', device: 'lamp-2', change: 'ended' })
    const list = await hub.get(api, duty)
    expectSchema(z.array(ruleListItemSchema), list.body)
    const full = list.body.find(({ id }: { id: string }) => id === 'bin-full')
    expect(full).toMatchObject({ ref: 'B1', version: 0, openAlerts: 1, enabled: true })
    const one = await hub.get(`${api}/bin-full`, duty)
    expectSchema(ruleDetailSchema, one.body)
    expect(one.body).toMatchObject({ versions: [], text: one.body.fileText })
    expect((await hub.get(`${api}/no-rule`, duty)).status).toBe(404)
  })

  test('duty officers read and try, supervisors save, crews neither', async () => {
    const body = { text: fuller(await textOf('bin-full'), 0.79), reason: 'x', base: 0 }
    expect((await hub.put(`${api}/bin-full`, body, duty)).status).toBe(403)
    for (const login of ['crew', 'grid-worker']) {
      const cookie = await hub.cookieOf(login)
      expect((await hub.get(api, cookie)).status).toBe(403)
      expect((await hub.post(`${api}/bin-full/try`, { text: 'x', days: 1 }, cookie)).status).toBe(403)
      expect((await hub.put(`${api}/bin-full`, body, cookie)).status).toBe(403)
    }
    expect((await hub.get(api)).status).toBe(401)
  })
})

describe('checking', () => {
  test('all problems with line and column; an empty list for a valid text', async () => {
    const text = await textOf('bin-full')
    const right = await hub.post(`${api}/bin-full/check`, { text }, duty)
    expect(right.body).toEqual({ problems: [] })
    const wrong = text.replace('fillingLevel < emptied', 'fillingLevl < emptied').replace('ref: B1', 'ref: 1')
    const found = await hub.post(`${api}/bin-full/check`, { text: wrong }, duty)
    expectSchema(problemsSchema, found.body)
    expect(found.body.problems[0]).toMatchObject({ line: 2, column: 1, path: 'ref' })
    const misspelt = text.replace('clear: fillingLevel', 'clear: fillingLevl')
    const other = await hub.post(`${api}/bin-full/check`, { text: misspelt }, duty)
    expect(other.body.problems[0]).toMatchObject({
      path: 'condition.predicate.clear',
      text: {
        zh: '没有名为 fillingLevl 的字段、参数或信号，在第 1 个字符（bin）',
        en: 'Unknown variable: fillingLevl at character 1 (for bin)',
      },
    })
  })
})

describe('saving', () => {
  test('saves a version with author and reason; a repeated key saves once; a stale base is refused', async () => {
    const text = fuller(await textOf('bin-full'), 0.78)
    const body = { text, reason: 'bins are small here', base: 0 }
    const key = { 'idempotency-key': 'save-1' }
    const saved = await hub.put(`${api}/bin-full`, body, chief, key)
    expectSchema(ruleVersionSchema, saved.body)
    expect(saved.body).toMatchObject({ version: 1, author: 'supervisor', reason: 'bins are small here' })
    expect((await hub.put(`${api}/bin-full`, body, chief, key)).body).toEqual(saved.body)
    const stale = await hub.put(`${api}/bin-full`, { ...body, text: fuller(text, 0.7) }, chief)
    expect([stale.status, stale.body.reason]).toEqual([409, 'rule-saved-meanwhile'])
    const detail = await hub.get(`${api}/bin-full`, chief)
    expectSchema(ruleDetailSchema, detail.body)
    expect(detail.body.versions).toHaveLength(1)
    const alert = await hub.get('/api/v1/alerts/e1', chief)
    expect(alert.body.timeline.at(-1)).toMatchObject({
      ...{ action: 'rule-changed', actor: 'supervisor', note: 'v1 · bins are small here' },
    })
  })

  test('refuses a wrong text with all problems, and a missing reason', async () => {
    const text = await textOf('bin-fire')
    const wrong = await hub.put(
      `${api}/bin-fire`,
      { text: text.replace(/temperature/g, 'heat'), reason: 'x', base: 0 },
      chief,
    )
    expect([wrong.status, wrong.body.code]).toEqual([400, 'RULES_INVALID'])
    expect(wrong.body.problems.length).toBeGreaterThan(0)
    for (const problem of wrong.body.problems)
      expect(problem).toMatchObject({
        line: expect.any(Number),
        text: { zh: expect.stringMatching(/\p{Script=Han}/u) },
      })
    for (const reason of ['', '   ', undefined]) {
      const answer = await hub.put(`${api}/bin-fire`, { text: `${text}# more\n`, reason, base: 0 }, chief)
      expect(answer.status).toBe(400)
    }
    expect((await hub.get(`${api}/bin-fire`, chief)).body.versions).toEqual([])
  })
})

describe('a new rule', () => {
  const fromTemplate = async (id: string): Promise<string> => {
    const { body } = await hub.get('/api/v1/rule-templates', chief)
    expectSchema(z.array(ruleTemplateSchema), body)
    return body[0].text.replace(`id: ${body[0].id}`, `id: ${id}`)
  }
  const newRule = (text: string, base: number | null = null) => ({ text, reason: 'missing here', base })

  test('from a template: version 1, listed, no longer new; stays listed when switched off', async () => {
    const text = await fromTemplate('room-too-hot')
    const check = (isNew: boolean) => hub.post(`${api}/room-too-hot/check`, { text, isNew }, duty)
    expect((await check(true)).body).toEqual({ problems: [] })
    const saved = await hub.put(`${api}/room-too-hot`, newRule(text), chief)
    expect(saved.body).toMatchObject({ rule: 'room-too-hot', version: 1, enabled: true })
    expect((await check(true)).body.problems).toEqual([
      expect.objectContaining({
        ...{ path: 'id', line: 1 },
        text: {
          zh: '已有规则 room-too-hot：请另取一个编号',
          en: 'there is a rule room-too-hot already: choose another id',
        },
      }),
    ])
    expect((await check(false)).body).toEqual({ problems: [] })
    const again = await hub.put(`${api}/room-too-hot`, newRule(`${text}# more\n`), chief)
    expect([again.status, again.body.reason]).toEqual([409, 'rule-exists'])
    const off = await hub.put(`${api}/room-too-hot`, { ...newRule(text, 1), enabled: false }, chief)
    expect(off.body).toMatchObject({ version: 2, enabled: false })
    const list = await hub.get(api, duty)
    expect(list.body.find(({ id }: { id: string }) => id === 'room-too-hot')).toMatchObject({
      ...{ version: 2, enabled: false, savedBy: 'supervisor' },
    })
    expect((await hub.get(`${api}/room-too-hot`, duty)).body).toMatchObject({ fileText: null })
  })

  test('the id must be valid and equal to the one in the text; duty officers may not save', async () => {
    const text = await fromTemplate('some-rule')
    for (const id of ['Some rule', '1-rule', 'r', 'x'.repeat(65)]) {
      const wrong = await hub.put(`${api}/${encodeURIComponent(id)}`, newRule(await fromTemplate(id)), chief)
      expect([wrong.status, wrong.body.code], id).toEqual([400, 'RULES_INVALID'])
      expect(wrong.body.problems[0]).toMatchObject({ path: 'id', line: 1 })
    }
    const other = await hub.put(`${api}/other-rule`, newRule(text), chief)
    expect(other.body.problems[0]).toMatchObject({ path: 'id', text: { zh: '这条规则的编号是 other-rule' } })
    expect((await hub.put(`${api}/some-rule`, newRule(text), duty)).status).toBe(403)
    expect((await hub.get(`${api}/some-rule`, chief)).status).toBe(404)
    expect((await hub.get('/api/v1/rule-templates', await hub.cookieOf('crew'))).status).toBe(403)
  })

  test('can be tried before it is saved, without a version to compare with', async () => {
    const text = await fromTemplate('tried-rule')
    await hub.post(`${api}/tried-rule/try`, { text, days: 1 }, chief)
    const done = await until('the result', async () => {
      const { body } = await hub.get(`${api}/tried-rule/trial`, chief)
      return body.trial.state === 'done' ? body.trial.result : undefined
    })
    expect(done.current).toEqual({ count: 0, newest: [] })
    expect(done.added).toEqual(done.proposed)
  })
})

describe('trying', () => {
  test('reports progress and a result; one at a time per user; can be cancelled', async () => {
    const text = fuller(await textOf('bin-full'), 0.5)
    const trial = `${api}/bin-full/trial`
    expect((await hub.get(trial, duty)).body).toEqual({ trial: null })
    const started = await hub.post(`${api}/bin-full/try`, { text, days: 7 }, duty)
    expectSchema(trialStateSchema, started.body)
    expect(started.body).toMatchObject({ state: 'running', rule: 'bin-full', days: 7 })
    const second = await hub.post(`${api}/bin-fire/try`, { text: await textOf('bin-fire'), days: 7 }, duty)
    expect([second.status, second.body.reason]).toEqual([409, 'trial-running'])
    const done = await until('the result', async () => {
      const { body } = await hub.get(trial, duty)
      return body.trial.state === 'done' ? body : undefined
    })
    expectSchema(optionalTrialSchema, done)
    expect((await hub.get(trial, chief)).body).toEqual({ trial: null })

    await hub.post(`${api}/bin-full/try`, { text, days: 7 }, duty)
    const cancelled = await hub.post(`${trial}/cancel`, {}, duty)
    expect(cancelled.body.trial).toMatchObject({ state: 'cancelled' })
    expect((await hub.post(`${api}/bin-full/try`, { text, days: 31 }, duty)).status).toBe(400)
    expect((await hub.post(`${api}/bin-full/try`, { text: 'id: x', days: 3 }, duty)).body.code).toBe(
      'RULES_INVALID',
    )
  })
})

describe('limits', () => {
  test('limits checks per user and minute, not per address', async () => {
    const text = await textOf('bin-full')
    const check = (cookie: string) => hub.post(`${api}/bin-full/check`, { text }, cookie)
    const admin = await hub.cookieOf('administrator')
    const answers = []
    for (let n = 0; n < 60; n += 1) answers.push((await check(admin)).status)
    expect(answers).toEqual(Array(60).fill(200))
    const last = await check(admin)
    expect([last.status, last.body.code]).toEqual([429, 'TOO_MANY_REQUESTS'])
    expect((await check(chief)).status).toBe(200)
    expect((await hub.get(`${api}/bin-full`, admin)).status).toBe(200)
  })
  test('answers 401 to unauthenticated requests, also above the limit', async () => {
    for (let n = 0; n < 65; n += 1)
      expect((await hub.post(`${api}/bin-full/check`, { text: 'x' })).status).toBe(401)
  })
  test('refuses ids with path traversal or JavaScript property names', async () => {
    for (const id of ['..%2f..%2fetc%2fpasswd', '__proto__', 'constructor', '%00', 'BIN-FULL']) {
      expect([400, 404], id).toContain((await hub.get(`${api}/${id}`, chief)).status)
      const body = { text: await textOf('bin-full'), reason: 'x', base: null }
      expect((await hub.put(`${api}/${id}`, body, chief)).status, id).toBe(400)
    }
  })
})

/** Rules in a real browser: edit, try, save with a reason and restore; no lost updates. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../model/clock.ts'
import { launchBrowser, openPage, signIn, type WatchedPage } from '../support/browser.ts'
import { consoleFinding } from '../support/console-fixtures.ts'
import { type ConsoleHub, consolePassword, startConsoleHub } from '../support/console-hub.ts'
import { describeWith, requirements } from '../support/requires.ts'

const saveButton = (page: Page) => page.getByRole('button', { name: '保存…' })
const status = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).first()

describeWith(requirements.chromium(), 'rules in a browser', () => {
  let browser: Browser
  let hub: ConsoleHub
  let watched: WatchedPage[]

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    watched = []
    hub = await startConsoleHub()
    return async () => {
      for (const { page } of watched) await page.context().close()
      await hub.stop()
      expect(watched.flatMap(({ errors }) => errors)).toEqual([])
    }
  })

  const openRules = async (login: string, options = {}): Promise<Page> => {
    const one = await openPage(browser, options)
    watched.push(one)
    await signIn(one.page, hub.url, { login, password: consolePassword })
    await one.page.locator('nav a').nth(3).click()
    await one.page.locator('[data-rule=bin-full]').waitFor()
    return one.page
  }
  const openRule = async (login: string, options = {}): Promise<Page> => {
    const page = await openRules(login, options)
    await page.locator('[data-rule=bin-full] a').click()
    await page.locator('input[name=full]').waitFor()
    return page
  }
  const saveWith = async (page: Page, reason: string): Promise<void> => {
    await page.getByRole('dialog').locator('textarea').fill(reason)
    await page.getByRole('dialog').locator('button[type=submit]').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }

  test('edits, tries and saves a rule with a reason, notes it on the open alert, and restores the old version', async () => {
    await hub.find(
      consoleFinding(systemClock.now(), 60_000, {
        device: 'bin-3',
        rule: 'bin-full',
        title: { zh: '满溢待清运', en: 'Full' },
        reason: { zh: '满溢度 85%', en: 'Filled to 85 %' },
      }),
    )
    const page = await openRule('chief')
    expect(await saveButton(page).isDisabled()).toBe(true)
    await page.fill('input[name=full]', '0.7')
    await page.getByText('原值 0.80').waitFor()
    await status(page, '没有问题').waitFor()

    await page.getByRole('button', { name: '开始试算' }).click()
    const count = (name: string) => page.locator(`[data-count=${name}] dd`).textContent()
    await page.locator('[data-count=added]').waitFor()
    expect(Number(await count('added'))).toBe(
      Number(await count('proposed')) - Number(await count('current')),
    )
    expect(
      Number(await count('added')),
      (await page.locator('dl.counts').textContent()) ?? '',
    ).toBeGreaterThan(0)
    const device = page.locator('section[aria-labelledby=trial-title] tbody a').first()
    expect(await device.getAttribute('href')).toMatch(/^\/devices\/bin-\d$/)

    await saveButton(page).click()
    await page.getByRole('dialog').locator('button[type=submit]').click()
    await page.getByText('请填写说明。').waitFor()
    await saveWith(page, '本小区垃圾桶较小')
    const first = page.locator('[data-version="1"]')
    await first.getByText('本小区垃圾桶较小').waitFor()
    await first.getByRole('button', { name: '对比上一版' }).click()
    const lines = await first.locator('.added, .removed').allTextContents()
    expect(lines.map((line) => line.replace(/\s+/g, ' ').trim())).toEqual([
      expect.stringMatching(/^− ?删除 full: 0.80$/),
      expect.stringMatching(/^\+ ?新增 full: 0.7$/),
    ])

    await page.locator('[data-version="0"]').getByRole('button', { name: '恢复…' }).click()
    await saveWith(page, '改错了')
    await page.locator('[data-version="2"]').getByText('改错了').waitFor()
    expect(await page.inputValue('input[name=full]')).toBe('0.80')

    await page.locator('nav a').first().click()
    await page.getByText('满溢待清运').first().click()
    await page.locator('.timeline').getByText('v1 · 本小区垃圾桶较小').waitFor()
    await page.locator('dl a', { hasText: 'bin-full' }).click()
    await page.locator('[data-version="2"]').waitFor()
  })

  test('an invalid file: lists problems with their place, reachable by keyboard; cannot be saved or tried', async () => {
    const page = await openRule('chief', { locale: 'en-GB' })
    await page.locator('summary').focus()
    await page.keyboard.press('Enter')
    const editor = page.getByRole('textbox', { name: 'Text of the rule file' })
    const text = await editor.inputValue()
    await editor.fill(text.replace('clear: fillingLevel', 'clear: fillingLevl'))
    const place = page.getByRole('button', { name: /^line \d+, column \d+$/ }).first()
    await place.waitFor()
    expect(await page.getByRole('button', { name: 'Save…' }).isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Try', exact: true }).isDisabled()).toBe(true)
    const line = Number(/line (\d+)/.exec((await place.textContent()) ?? '')?.[1])
    await place.press('Enter')
    const at = await editor.evaluate((area: unknown) => (area as { selectionStart: number }).selectionStart)
    expect(text.slice(0, Number(at)).split('\n')).toHaveLength(line)
    await editor.fill(`${text}# ${'x'.repeat(40_000)}`)
    await status(page, 'Invalid input.').waitFor()
    expect(await page.getByRole('button', { name: 'Save…' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Discard changes' }).click()
    expect(await editor.inputValue()).toBe(text)
  })

  test('two editors at once: the second sees who saved first, keeps the typed text, and overwrites nothing', async () => {
    const [one, other] = [await openRule('chief'), await openRule('chief')]
    await other.fill('input[name=full]', '0.6')
    await one.fill('input[name=full]', '0.7')
    await saveButton(one).click()
    await saveWith(one, '先保存')
    await one.locator('[data-version="1"]').waitFor()
    await saveButton(other).click()
    await other.getByRole('dialog').locator('textarea').fill('后保存')
    await other.getByRole('dialog').locator('button[type=submit]').click()
    await other.getByRole('dialog').getByText('刚才已有人保存了新版本').waitFor()
    await other.keyboard.press('Escape')
    await other.getByRole('alert').filter({ hasText: '保存了第 1 版' }).waitFor()
    expect(await other.inputValue('input[name=full]')).toBe('0.6')
    await one.reload()
    await one.locator('[data-version="1"]').waitFor()
    expect(await one.locator('[data-version="2"]').count()).toBe(0)
  })

  test('a new rule as a copy: named, tried, saved with a reason, listed, and switched off', async () => {
    const page = await openRules('chief')
    await page.getByRole('link', { name: '新建规则' }).click()
    await page.locator('select[name=start]').selectOption('rule/bin-full')
    await page.locator('input[name=id]').waitFor()
    expect(await page.inputValue('input[name=id]')).toBe('bin-full-2')
    await page.fill('input[name=id]', 'bin-half-full')
    await page.fill('input[name=titleZh]', '半满：“提醒”')
    await page.fill('input[name=titleEn]', 'Half full')
    await page.fill('input[name=full]', '0.5')
    await status(page, '没有问题').waitFor()
    await page.getByRole('button', { name: '开始试算' }).click()
    await page.locator('[data-count=proposed]').waitFor()
    expect(Number(await page.locator('[data-count=proposed] dd').textContent())).toBeGreaterThan(0)
    expect(await page.locator('[data-count]').count()).toBe(1)

    await saveButton(page).click()
    await saveWith(page, '旺季提前清运')
    await page.locator('[data-version="1"]').getByText('旺季提前清运').waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('半满：“提醒”')
    await page.getByRole('button', { name: '停用…' }).click()
    await saveWith(page, '旺季已过')
    await page.getByRole('button', { name: '启用…' }).waitFor()
    await page.locator('nav a').nth(3).click()
    const made = page.locator('[data-rule=bin-half-full]')
    await made.getByText('已停用').waitFor()
    await page.locator('[data-rule=bin-full]').getByText('内置版本').waitFor()
  })

  test('a new rule from a template in English: problems with their place, a used id, and a question before changes are lost', async () => {
    const page = await openRules('chief', { locale: 'en-GB' })
    await page.getByRole('link', { name: 'New rule' }).click()
    await page.locator('select[name=start]').selectOption('template/value-too-high')
    const title = page.locator('input[name=titleEn]')
    await title.fill('119')
    await title.press('Space')
    await status(page, 'No problems').waitFor()
    expect(await title.inputValue()).toBe('119 ')
    await title.blur()
    expect(await title.inputValue()).toBe('119')
    await page.fill('input[name=id]', 'bin-full')
    await page.getByText('there is a rule bin-full already: choose another id').waitFor()
    await page.fill('input[name=id]', 'Too Hot')
    await page.getByText('an id has small letters, digits and -').waitFor()
    await page.getByRole('button', { name: 'line 1, column 1' }).waitFor()
    expect(await page.getByRole('button', { name: 'Save…' }).isDisabled()).toBe(true)
    await page.fill('input[name=id]', 'too-hot')
    const editor = page.getByRole('textbox', { name: 'Text of the rule file' })
    const text = await editor.inputValue()
    await editor.fill(text.replace('for: $confirm', 'for: $confrm'))
    await page.getByText('there is no parameter confrm').waitFor()
    const place = page.getByRole('button', { name: /^line \d+, column \d+$/ }).first()
    await place.click()
    const at = await editor.evaluate((area: unknown) => (area as { selectionStart: number }).selectionStart)
    expect(text.slice(Number(at))).toMatch(/^for: /)

    await editor.fill('')
    await page.getByText('Invalid input: expected object, received null').waitFor()
    await editor.fill(text.replace('for: $confirm', 'for: $confrm'))
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByText('没有参数 confrm').waitFor()
    let asked = 0
    page.on('dialog', (dialog) => {
      asked += 1
      void dialog.dismiss()
    })
    await page.locator('select[name=start]').selectOption('template/told-by-event')
    await page.locator('nav a').nth(3).click()
    expect([asked, await page.inputValue('select[name=start]')]).toEqual([2, 'template/value-too-high'])
    expect(await page.inputValue('input[name=id]')).toBe('too-hot')
  })

  test('copies the open rule with one click', async () => {
    const page = await openRule('chief')
    await page.getByRole('link', { name: '以此新建' }).click()
    await page.locator('input[name=id]').waitFor()
    expect(await page.inputValue('input[name=id]')).toBe('bin-full-2')
    expect(await page.inputValue('input[name=full]')).toBe('0.80')
  })

  test('a rule that only completes work orders shows it, and can be tried', async () => {
    const page = await openRules('duty')
    await page.locator('[data-rule=bin-emptied] a').click()
    await page.getByText('不告警，完成其工单').waitFor()
    await page.getByText('工单会被视为完成').waitFor()
    await page.getByRole('button', { name: '开始试算' }).click()
    await page.locator('[data-count=current]').waitFor()
    expect(Number(await page.locator('[data-count=current] dd').textContent())).toBeGreaterThan(0)
    await page.locator('dl a', { hasText: 'bin-full' }).click()
    await page.locator('input[name=full]').waitFor()
  })

  test('duty officers can read and try rules, but see no buttons to save', async () => {
    const page = await openRules('duty')
    expect(await page.getByRole('link', { name: '新建规则' }).count()).toBe(0)
    await page.locator('[data-rule=bin-full] a').click()
    await page.locator('input[name=full]').waitFor()
    expect(await page.getByRole('link', { name: '以此新建' }).count()).toBe(0)
    expect(await saveButton(page).count()).toBe(0)
    expect(await page.getByRole('button', { name: '停用…' }).count()).toBe(0)
    await page.fill('input[name=full]', '0.99')
    await page.getByRole('button', { name: '开始试算' }).click()
    await page.locator('[data-count=removed]').waitFor()
  })
})

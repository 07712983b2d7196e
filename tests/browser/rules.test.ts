/** Rules in a real browser: a number is changed, tried, saved with a reason, and taken back; nobody loses another's work. */
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
      expect(watched.flatMap(({ faults }) => faults)).toEqual([])
    }
  })

  const openRule = async (login: string, options = {}): Promise<Page> => {
    const one = await openPage(browser, options)
    watched.push(one)
    await signIn(one.page, hub.url, { login, password: consolePassword })
    await one.page.locator('nav a').nth(3).click()
    await one.page.locator('[data-rule=bin-full] a').click()
    await one.page.locator('input[name=full]').waitFor()
    return one.page
  }
  const saveWith = async (page: Page, reason: string): Promise<void> => {
    await page.getByRole('dialog').locator('textarea').fill(reason)
    await page.getByRole('dialog').locator('button[type=submit]').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }

  test('found by its name; changed, tried, saved with a reason, told at the open alert, and taken back', async () => {
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

  test('a wrong file: each problem with its place, which the keyboard can go to; it cannot be saved or tried', async () => {
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
    await page.getByRole('button', { name: 'Discard changes' }).click()
    expect(await editor.inputValue()).toBe(text)
  })

  test('two at once: the second is told who was first, keeps what was typed, and overwrites nothing', async () => {
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

  test('duty officers look and try, and are offered nothing more', async () => {
    const page = await openRule('duty')
    expect(await saveButton(page).count()).toBe(0)
    expect(await page.getByRole('button', { name: '停用…' }).count()).toBe(0)
    await page.fill('input[name=full]', '0.99')
    await page.getByRole('button', { name: '开始试算' }).click()
    await page.locator('[data-count=removed]').waitFor()
  })
})

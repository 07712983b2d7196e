/** The duty console and the crew app in a real browser, against a real dashboard. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../model/clock.ts'
import { launchBrowser, openPage, signIn, type WatchedPage } from '../support/browser.ts'
import { badEvening, entrapment } from '../support/console-fixtures.ts'
import { type ConsoleHub, consolePassword, startConsoleHub } from '../support/console-hub.ts'
import { describeWith, requirements } from '../support/requires.ts'

const duty = { login: 'duty', password: consolePassword }
const lights = { login: 'lights', password: consolePassword }
const rows = '[data-alert]'
const rowOf = (page: Page, place: string) => page.locator(rows, { hasText: place }).first()
const placesShown = (page: Page) => page.locator(`${rows} a.title > span:first-child`).allTextContents()

const trapped = (device: string) => ({ ...entrapment(systemClock.now()), device, episode: `new:${device}` })

describeWith(requirements.chromium(), 'console in a browser', () => {
  let browser: Browser
  let hub: ConsoleHub
  let watched: WatchedPage[]

  const open = async (options = {}): Promise<Page> => {
    const one = await openPage(browser, options)
    watched.push(one)
    return one.page
  }
  const openConsole = async (options = {}): Promise<Page> => {
    const page = await open(options)
    await signIn(page, hub.url, duty)
    await page.locator(rows).first().waitFor()
    // Away from the list, which is frozen under the pointer.
    await page.mouse.move(0, 0)
    return page
  }

  beforeAll(async () => {
    const built = join(import.meta.dirname, '../../dist/web/index.html')
    if (!existsSync(built)) throw new Error('the web apps are not built: npm run build')
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    watched = []
    hub = await startConsoleHub()
    await hub.find(...badEvening(systemClock.now()))
    return async () => {
      for (const { page } of watched) await page.context().close()
      await hub.stop()
      expect(watched.flatMap(({ errors }) => errors)).toEqual([])
    }
  })

  test('hundreds of alerts: shows the most urgent, counts all, and shows the rest on demand', async () => {
    const now = systemClock.now()
    await hub.find(
      ...Array.from({ length: 450 }, (_, n) => ({
        ...entrapment(now),
        device: 'bin-3',
        episode: `storm:${n}`,
      })),
    )
    const page = await openConsole()
    const shown = () => page.locator('.alerts > div > ol > li').count()
    const all = Number(await page.locator('.alerts h1 span').textContent())
    expect(all).toBeGreaterThan(450)
    expect(await shown()).toBe(200)
    await page.getByRole('button', { name: `显示更多（还有 ${all - 200} 条）` }).click()
    await page.getByRole('button', { name: `显示更多（还有 ${all - 400} 条）` }).click()
    expect(await shown()).toBe(all)
    await page.mouse.move(0, 0)
  })

  test('most urgent alerts first; lamps under their cause; error for a wrong password', async () => {
    const page = await open()
    await signIn(page, hub.url, { login: 'duty', password: 'wrong' })
    await page.getByRole('alert').filter({ hasText: '账号或密码不正确' }).waitFor()
    await page.fill('input[name=password]', consolePassword)
    await page.click('form button[type=submit]')
    await page.locator(rows).first().waitFor()
    const places = await placesShown(page)
    expect(places.slice(0, 3)).toEqual(['2 栋东侧垃圾房', '3 栋 1 单元电梯', '4 栋 2 单元 401 室'])
    expect(places).not.toContain('北环路 3 号灯杆')
    const cause = rowOf(page, '北环路 7 号控制柜')
    await cause.getByRole('button', { name: '同因 18 条' }).click()
    await cause.getByText('北环路 3 号灯杆').waitFor()
  })

  test('shows stored markup as text', async () => {
    const page = await openConsole()
    await rowOf(page, '5 栋 1 单元电梯').getByText('<b>请勿</b>').first().waitFor()
    await page.goto(`${hub.url}/devices/lamp-1`)
    await page.getByText('<img src=x onerror=alert(1)>').waitFor()
    expect(await page.locator('img[src=x]').count()).toBe(0)
  })

  test('language: from the browser, switched by a click, set for screen readers', async () => {
    const page = await openConsole({ locale: 'en-GB' })
    expect(await page.getAttribute('html', 'lang')).toBe('en-GB')
    await rowOf(page, 'People trapped in lift').waitFor()
    await page.getByRole('button', { name: '中文' }).first().click()
    await rowOf(page, '电梯困人').waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN')
    await page.reload()
    await rowOf(page, '电梯困人').waitFor()
  })

  test('with the keyboard only: acknowledge, undo, dispatch; the crew finishes the order; the case is closed', async () => {
    const page = await openConsole()
    const place = '北环路 7 号控制柜'
    await page.locator(`${rows} [data-row]`).first().focus()
    for (let count = 0; count < 3; count++) await page.keyboard.press('j')
    await page.keyboard.press('a')
    const row = rowOf(page, place)
    await row.getByText('王敏 已确认').waitFor()
    await page.keyboard.press('u')
    await row.getByRole('button', { name: `确认 ${place}` }).waitFor({ timeout: 5_000 })
    await page.keyboard.press('d')
    await page.getByRole('radio', { name: '路灯班' }).waitFor()
    expect(await page.getByRole('radio', { name: '路灯班' }).isChecked()).toBe(true)
    await page.getByLabel('要求').fill('带熔断器')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await row.getByRole('link', { name: '事件' }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await row.locator(':focus').count()).toBe(1)

    const phone = await open({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
    await signIn(phone, `${hub.url}/crew/`, lights)
    await phone.getByText('带熔断器').waitFor()
    await phone.locator('h2 a').first().tap()
    await phone.getByText('同一回路 18 盏灯在 2 分钟内全部熄灭').waitFor()
    await phone.getByRole('button', { name: '接单' }).tap()
    await phone.getByRole('button', { name: '我已到场' }).tap()
    await phone.getByRole('button', { name: '完成…' }).tap()
    const finish = phone.getByRole('dialog')
    await finish.getByRole('button', { name: '完成' }).tap()
    await finish.getByText('请填写说明').waitFor()
    await finish.getByLabel('说明').fill('更换熔断器，恢复供电')
    await finish.getByRole('button', { name: '完成' }).tap()
    await phone.getByRole('link', { name: /返回工单/ }).tap()
    await phone.getByRole('heading', { name: '已完成' }).waitFor()

    await row.getByRole('link', { name: '事件' }).click()
    await page.getByText('更换熔断器，恢复供电').first().waitFor()
    await page.locator('.timeline li', { hasText: '接单' }).getByText('赵师傅').waitFor()
    await page.locator('.timeline li', { hasText: '发生' }).getByText('规则').waitFor()
    const close = page.getByRole('button', { name: '结案' })
    expect(await close.isDisabled()).toBe(true)
    const feeder = badEvening(systemClock.now()).find((finding) => finding.device === 'cabinet-7')
    const episode = (await page.locator('h3 + p a').getAttribute('href'))?.split('/').at(-1) ?? ''
    if (!feeder) throw new Error('the evening has a dead feeder')
    await hub.find({
      ...feeder,
      episode: decodeURIComponent(episode),
      change: 'ended',
      ended: true,
      at: systemClock.now(),
    })
    await close.click()
    await page.getByRole('dialog').getByRole('button', { name: '结案' }).click()
    await page.getByRole('button', { name: '重新打开' }).waitFor()
    await phone.getByText('没有待办的工单').waitFor()
    await phone.getByRole('heading', { name: '已完成' }).waitFor({ state: 'detached' })
  })

  test('refetches an answer that was on its way when something changed', async () => {
    const page = await openConsole()
    const place = '北环路 7 号控制柜'
    const fetched = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    await page.route(
      '**/alerts/*',
      async (route) => {
        const before = await route.fetch()
        fetched.resolve()
        await released.promise
        await route.fulfill({ response: before })
      },
      { times: 1 },
    )
    await rowOf(page, place).locator('a.title').click()
    await fetched.promise
    await page.getByRole('button', { name: `确认 ${place}` }).click()
    await rowOf(page, place).getByText('王敏 已确认').waitFor()
    released.resolve()
    await page.locator('.timeline li', { hasText: '确认' }).getByText('王敏').waitFor()
  })

  test('shows a refusal inside the dialog', async () => {
    const [slow, quick] = [await openConsole(), await openConsole()]
    const dispatch = (page: Page) =>
      rowOf(page, '北环路 7 号控制柜').getByRole('button', { name: /^派单/ }).click()
    const submit = (page: Page) => page.getByRole('dialog').getByRole('button', { name: '派单' }).click()
    await dispatch(slow)
    await slow.getByRole('radio', { name: '路灯班', checked: true }).waitFor()
    await dispatch(quick)
    await submit(quick)
    await slow.getByText(/待接单/).waitFor()
    await submit(slow)
    await slow
      .getByRole('dialog')
      .getByRole('alert')
      .filter({ hasText: '这个班组已有同一事件的工单' })
      .waitFor()
  })

  test('nothing moves under the pointer or the focus; new alerts wait behind a chip', async () => {
    const page = await openConsole()
    const before = await placesShown(page)
    await rowOf(page, '4 栋 2 单元 401 室').hover()
    await hub.find(trapped('lift-1'))
    const chip = page.getByRole('button', { name: /有 1 条新告警.*含 1 条紧急/ })
    await chip.waitFor()
    expect(await placesShown(page)).toEqual(before)
    await page
      .getByRole('alert')
      .filter({ hasText: '紧急告警：电梯困人，1 栋 1 单元电梯' })
      .waitFor({ state: 'attached' })
    await chip.click()
    await rowOf(page, '1 栋 1 单元电梯').waitFor()
    expect(await placesShown(page)).toHaveLength(before.length + 1)
    expect(await page.title()).toMatch(/^\(\d+\) 邻里/)
  })

  test('shows a lost server within 5 s, disables commands, and catches up after reconnecting', async () => {
    const page = await openConsole()
    await hub.stopServer()
    const lostAt = systemClock.now()
    await page.getByText(/数据停在 \d\d:\d\d:\d\d/).waitFor()
    expect(systemClock.now() - lostAt).toBeLessThan(5_000)
    const button = rowOf(page, '3 栋 1 单元电梯').getByRole('button', { name: /^确认/ })
    expect(await button.isDisabled()).toBe(true)
    expect(await button.getAttribute('title')).toContain('连接中断')
    const since = rowOf(page, '3 栋 1 单元电梯').locator('.age')
    const stoppedAt = await since.textContent()
    await hub.find(trapped('lift-1'), trapped('lift-2'))
    expect(await since.textContent()).toBe(stoppedAt)
    await hub.restartServer()
    await page.getByText('已补齐 2 条').waitFor()
    await rowOf(page, '1 栋 1 单元电梯').waitFor()
    expect(await page.getByText(/数据停在/).count()).toBe(0)
    expect(await button.isDisabled()).toBe(false)
  })

  test('sign-out leads to the sign-in page; a crew is sent to its own app', async () => {
    const page = await openConsole()
    await page.locator('button.person').click()
    await page.getByRole('button', { name: '退出' }).click()
    await page.locator('input[name=login]').waitFor()
    await signIn(page, hub.url, lights)
    await page.getByRole('heading', { name: '我的工单' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/crew/')
  })

  test('shelving requires a reason and moves the alert to the list of shelved ones', async () => {
    const page = await openConsole()
    await rowOf(page, '8 栋东侧垃圾房').locator('a.title').click()
    await page.getByRole('button', { name: '搁置' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: '搁置' }).click()
    await dialog.getByText('请填写说明').waitFor()
    await dialog.getByLabel('说明').fill('明早统一清运')
    await dialog.getByRole('button', { name: '搁置' }).click()
    await page.getByText('已搁置 1 条').waitFor()
    await page.getByText('明早统一清运').first().waitFor()
  })

  test('a device: values, chart with a gap, the same data as a table, live values', async () => {
    const page = await openConsole()
    await page.goto(`${hub.url}/devices/lamp-1`)
    await page
      .getByRole('img', { name: /过去 24 小时/ })
      .locator('canvas')
      .waitFor()
    await page.getByText('41.2 W').waitFor()
    await page.getByText('不是 JSON').waitFor()
    await page.getByRole('button', { name: '以表格显示' }).click()
    await page
      .getByText(/无数据$/)
      .first()
      .waitFor()
    await page.getByRole('combobox').first().selectOption('powerState')
    await page.getByRole('cell', { name: '亮', exact: true }).first().waitFor()
    await page.getByRole('cell', { name: '灭', exact: true }).first().waitFor()
    expect(await page.getByText('on', { exact: true }).count()).toBe(0)
    const now = systemClock.now()
    hub.receive({
      device: 'lamp-1',
      ts: now,
      receivedAt: now,
      online: true,
      values: { powerConsumption: 77.7 },
    })
    await page.getByText('77.7 W').waitFor()
  })
})

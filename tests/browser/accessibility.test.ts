/** axe-core, reflow and target size on every page of both web apps, in both languages and themes. */
import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import { systemClock } from '../../model/clock.ts'
import { accessibilityViolations, launchBrowser, openPage, signIn } from '../support/browser.ts'
import { badEvening } from '../support/console-fixtures.ts'
import { type ConsoleHub, consolePassword, startConsoleHub } from '../support/console-hub.ts'
import { describeWith, requirements } from '../support/requires.ts'

const looks = [
  { locale: 'zh-CN', colorScheme: 'light' },
  { locale: 'zh-CN', colorScheme: 'dark' },
  { locale: 'en-GB', colorScheme: 'light' },
  { locale: 'en-GB', colorScheme: 'dark' },
] as const
const row = '[data-row]'

/** Steps through the console; axe-core checks the page after each. */
const consoleSteps: readonly {
  readonly name: string
  readonly go: (page: Page, url: string) => Promise<unknown>
}[] = [
  { name: 'alert list', go: (page) => page.locator(row).first().waitFor() },
  {
    name: 'alert',
    async go(page) {
      await page.locator(row).first().click()
      await page.locator('.timeline li').first().waitFor()
    },
  },
  {
    name: 'keys',
    async go(page) {
      await page.locator(row).first().focus()
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'dispatch',
    async go(page) {
      await page.keyboard.press('Escape')
      await page.locator(row).nth(3).focus()
      await page.keyboard.press('d')
      await page.getByRole('radio').first().waitFor()
    },
  },
  {
    name: 'case',
    async go(page) {
      await page.locator('dialog button[type=submit]').click()
      await page.locator('dialog').waitFor({ state: 'detached' })
      await page.locator('.flags a').first().click()
      await page.locator('.timeline li').first().waitFor()
    },
  },
  {
    name: 'cases',
    async go(page, url) {
      await page.goto(`${url}/cases`)
      await page.locator('main li').first().waitFor()
    },
  },
  {
    name: 'devices',
    async go(page, url) {
      await page.goto(`${url}/devices`)
      await page.locator('tbody tr').first().waitFor()
    },
  },
  {
    name: 'device',
    async go(page, url) {
      await page.goto(`${url}/devices/lamp-1`)
      await page.locator('canvas').waitFor()
    },
  },
  {
    name: 'rules',
    async go(page, url) {
      await page.goto(`${url}/rules`)
      await page.locator('[data-rule]').first().waitFor()
    },
  },
  {
    name: 'rule, changed and tried',
    async go(page, url) {
      await page.goto(`${url}/rules/bin-full`)
      await page.fill('input[name=full]', '0.7')
      await page.locator('summary').click()
      await page.locator('section[aria-labelledby=trial-title] button:enabled').click()
      await page.locator('[data-count=proposed]').waitFor()
    },
  },
  {
    name: 'rule with problems',
    async go(page) {
      await page.fill('input[name=full]', 'much')
      await page.locator('textarea[aria-invalid=true]').waitFor()
    },
  },
  {
    name: 'new rule with problems',
    async go(page, url) {
      await page.goto(`${url}/new-rule`)
      await page.locator('select[name=start]').selectOption('template/value-too-high')
      await page.fill('input[name=id]', 'Too Hot')
      await page.locator('textarea[aria-invalid=true]').waitFor()
    },
  },
]

/** Assigns a work order to the lighting crew over the API. */
async function sendLights(url: string): Promise<void> {
  const headers = { origin: url, 'content-type': 'application/json', 'idempotency-key': randomUUID() }
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${url}/api/v1/${path}`, {
      method: 'POST',
      headers: { ...headers, cookie },
      body: JSON.stringify(body),
    })
  const signedIn = await post('login', { login: 'duty', password: consolePassword })
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
  const alerts = (await (await fetch(`${url}/api/v1/alerts`, { headers: { cookie } })).json()) as Alert[]
  const feeder = alerts.find((alert) => alert.device === 'cabinet-7')
  const order = { crew: 'light-crew', instructions: 'Bring fuses' }
  const sent = await post(`alerts/${encodeURIComponent(feeder?.id ?? '')}/dispatch`, order, cookie)
  expect(sent.status).toBe(200)
}

const scrollsSideways = (page: Page): Promise<boolean> =>
  page.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth)

describeWith(requirements.chromium(), 'accessibility', () => {
  let browser: Browser
  let hub: ConsoleHub

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    hub = await startConsoleHub()
    await hub.find(...badEvening(systemClock.now()))
    return () => hub.stop()
  })

  test.each(looks)('the console has no serious violation ($locale, $colorScheme)', async (look) => {
    const { page } = await openPage(browser, look)
    await page.goto(hub.url)
    await page.locator('input[name=login]').waitFor()
    expect(await accessibilityViolations(page), 'sign-in').toEqual([])
    await signIn(page, hub.url, { login: 'duty', password: consolePassword })
    for (const step of consoleSteps) {
      await step.go(page, hub.url)
      expect(await accessibilityViolations(page), step.name).toEqual([])
    }
    await page.context().close()
  })

  test.each(looks)('the crew app has no serious violation ($locale, $colorScheme)', async (look) => {
    const { page } = await openPage(browser, { ...look, viewport: { width: 360, height: 740 } })
    await sendLights(hub.url)
    await signIn(page, `${hub.url}/crew/`, { login: 'lights', password: consolePassword })
    await page.locator('.step button').first().waitFor()
    expect(await accessibilityViolations(page), 'orders').toEqual([])
    const heights = await page
      .locator('header a, button:visible')
      .evaluateAll((targets) => targets.map((target) => Math.round(target.getBoundingClientRect().height)))
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
    await page.locator('h2 a').first().click()
    await page.locator('.steps').waitFor()
    expect(await accessibilityViolations(page), 'order').toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    await page.context().close()
  })

  test.each(['zh-CN', 'en-GB'])('no horizontal scrolling at 320 px (%s)', async (locale) => {
    const { page } = await openPage(browser, { locale, viewport: { width: 320, height: 640 } })
    await signIn(page, hub.url, { login: 'duty', password: consolePassword })
    await page.locator(row).first().waitFor()
    for (const path of ['/', '/cases', '/devices', '/devices/lamp-1', '/rules', '/rules/bin-full']) {
      await page.goto(hub.url + path)
      await page.locator('main h1').first().waitFor()
      expect(await scrollsSideways(page), path).toBe(false)
    }
    await page.goto(hub.url)
    await page.locator(row).first().click()
    await page.locator('.timeline li').first().waitFor()
    expect(await scrollsSideways(page), 'alert').toBe(false)
    expect(await page.locator(row).first().isVisible()).toBe(false)
    await page.context().close()
  })

  test('stale data stays legible', async () => {
    const { page } = await openPage(browser)
    await signIn(page, hub.url, { login: 'duty', password: consolePassword })
    await page.locator(row).first().waitFor()
    await hub.stopServer()
    await page.getByText(/数据停在/).waitFor()
    expect(await accessibilityViolations(page)).toEqual([])
    await hub.restartServer()
    await page.context().close()
  })
})

/** The main path on the screens: a device sends MQTT, the console shows the alert, a crew works on it, the case is closed. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../model/clock.ts'
import { launchBrowser, openPage, signIn } from '../support/browser.ts'
import { describeWith, requirements } from '../support/requires.ts'
import { until } from '../support/until.ts'
import {
  connectDevice,
  prepare,
  staffPassword,
  startWholeHub,
  type TestDevice,
  type WholeHub,
  type Workplace,
} from '../support/whole-hub.ts'

describeWith(requirements.chromium(), 'the main path in a browser', () => {
  let browser: Browser
  let place: Workplace
  let hub: WholeHub

  beforeAll(async () => {
    browser = await launchBrowser()
    place = await prepare()
    hub = await startWholeHub(place)
  })
  afterAll(async () => {
    await browser.close()
    await hub.stop()
    place.remove()
  })

  const telemetry = (bin: TestDevice, seq: number, temperature: number) =>
    bin.send('telemetry', {
      ts: new Date(systemClock.now()).toISOString(),
      seq,
      fillingLevel: 0.4,
      temperature,
    })
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

  test('a burning bin: shown, acknowledged, dispatched, put out and closed', async () => {
    const { page, errors } = await openPage(browser)
    const phone = await openPage(browser, { viewport: { width: 360, height: 740 } })
    await signIn(page, hub.console, { login: 'duty', password: staffPassword })
    await page.getByText('当前没有告警').waitFor()

    const bin = await connectDevice(hub, place, 'bin-1')
    await telemetry(bin, 1, 20)
    await telemetry(bin, 2, 81)
    const row = page.locator('[data-alert]', { hasText: '1 号投放点' })
    await row.waitFor()
    await page
      .getByRole('alert')
      .filter({ hasText: /紧急告警.*1 号投放点/ })
      .waitFor({ state: 'attached' })
    await row.locator('a.title').click()
    await press(page, '确认')
    await row.getByText('值班员 已确认').waitFor()
    await press(page, '派单')
    await page.getByLabel('要求').fill('带灭火器')
    await page.getByRole('dialog').getByRole('button', { name: '派单' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })

    await signIn(phone.page, `${hub.console}/crew/`, { login: 'crew1', password: staffPassword })
    await phone.page.getByText('带灭火器').waitFor()
    await press(phone.page, '接单')
    await press(phone.page, '我已到场')
    await press(phone.page, '完成…')
    await phone.page.getByRole('dialog').getByLabel('说明').fill('已扑灭')
    await phone.page.getByRole('dialog').getByRole('button', { name: '完成' }).click()
    await phone.page.getByText('没有待办的工单').waitFor()

    await row.getByRole('link', { name: '事件' }).click()
    await page.getByText('已扑灭').first().waitFor()
    await telemetry(bin, 3, 22)
    await press(page, '结案')
    await page.getByRole('dialog').getByRole('button', { name: '结案' }).click()
    await page.getByRole('button', { name: '重新打开' }).waitFor()

    await page.getByRole('link', { name: 'bin-1' }).click()
    await page.getByText('22 °C').waitFor()
    // History is written after the alert; the page refetches once a minute, the test more often.
    await until('81 °C in the table of the day', async () => {
      await page.reload()
      await page.getByRole('combobox', { name: '数据项' }).selectOption({ label: '温度' })
      await press(page, '以表格显示')
      await page.locator('.history :is(tbody tr, .none)').first().waitFor()
      return (await page.getByRole('cell', { name: /– 81 °C/ }).count()) > 0 || undefined
    })

    await bin.end()
    expect([...errors, ...phone.errors]).toEqual([])
  })
})

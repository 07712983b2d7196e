/** A real Chromium with a fresh profile, and helpers for tests on pages. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** No background traffic; settings for containers without a graphics card. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
]

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: flags })
}

export interface WatchedPage {
  readonly page: Page
  /** Script errors and violations of the content security policy, in order. */
  readonly errors: string[]
}

/** A page in its own profile that records errors. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    locale: 'zh-CN',
    viewport: { width: 1440, height: 900 },
    ...options,
  })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    // Network failures are shown by the page itself; policy violations appear only in the browser console.
    if (/Content.Security.Policy/i.test(message.text())) errors.push(message.text())
    else if (message.type() === 'error' && !/Failed to load|WebSocket/.test(message.text()))
      errors.push(message.text())
  })
  return { page, errors }
}

export async function signIn(
  page: Page,
  url: string,
  person: { login: string; password: string },
): Promise<void> {
  await page.goto(url)
  await page.fill('input[name=login]', person.login)
  await page.fill('input[name=password]', person.password)
  await page.click('form button[type=submit]')
}

export interface Violation {
  readonly id: string
  readonly impact: string
  readonly where: string
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Serious and critical findings of axe-core (WCAG 2.0-2.2 A and AA) on the page as it is. */
export async function accessibilityViolations(page: Page): Promise<Violation[]> {
  // Evaluated through the debugger, so the content security policy does not apply.
  await page.evaluate(readFileSync(axePath, 'utf8'))
  // As text, because the type checker has no browser globals here.
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  )
  return (found as AxeResults).violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map((node) => ({
        id,
        impact: String(impact),
        where: `${node.target.join(' ')} ${node.failureSummary ?? ''}`,
      })),
    )
}

/** Starts a web app: texts, theme, API, queries and session; each entry passes its root component and router. */
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { type Component, createApp } from 'vue'
import type { Router } from 'vue-router'
import { ApiFailure, createApi } from './api/client.ts'
import { createHub, hubKey } from './api/hub.ts'
import { applyLanguage, i18n, useTexts } from './i18n/index.ts'
import { useSession } from './session.ts'
import { useTheme } from './theme.ts'
import './styles/tokens.css'
import './styles/base.css'

/** Retries missing answers and server errors, not refusals. */
const shouldRetry = (failures: number, error: Error): boolean =>
  failures < 2 && !(error instanceof ApiFailure && error.status >= 400 && error.status < 500)

export function startWebApp(root: Component, router: Router): void {
  const app = createApp(root)
  const queries = new QueryClient({
    defaultOptions: { queries: { retry: shouldRetry, staleTime: 5_000, refetchOnWindowFocus: true } },
  })
  app.use(createPinia()).use(i18n).use(VueQueryPlugin, { queryClient: queries })
  const session = useSession()
  const api = createApi({
    fetch: (input, init) => fetch(input, init),
    newKey: newIdempotencyKey,
    onSignedOut: () => session.setSignedOut({ hasExpired: true }),
  })
  app.provide(hubKey, createHub(api))
  app.use(router)
  applyLanguage(useTexts().locale.value)
  useTheme()
  app.mount('#app')
}

/** 128 random bits; `crypto.randomUUID` is missing when the console is served over plain HTTP. */
function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

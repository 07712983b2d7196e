/** Pages of the duty console; all except the alert list are loaded on first use. */
import { createRouter, createWebHistory, type Router } from 'vue-router'
import AlertsPage from './alerts/AlertsPage.vue'

export function createOpsRouter(): Router {
  return createRouter({
    history: createWebHistory('/'),
    routes: [
      { path: '/', name: 'alerts', component: AlertsPage },
      { path: '/alerts/:id', name: 'alert', component: AlertsPage },
      { path: '/cases', name: 'cases', component: () => import('./cases/CasesPage.vue') },
      { path: '/cases/:id', name: 'case', component: () => import('./cases/CasePage.vue') },
      { path: '/devices', name: 'devices', component: () => import('./devices/DevicesPage.vue') },
      { path: '/devices/:id', name: 'device', component: () => import('./devices/DevicePage.vue') },
      { path: '/rules', name: 'rules', component: () => import('./rules/RulesPage.vue') },
      { path: '/rules/:id', name: 'rule', component: () => import('./rules/RulePage.vue') },
      { path: '/new-rule', name: 'new-rule', component: () => import('./rules/NewRulePage.vue') },
      { path: '/:rest(.*)*', redirect: { name: 'alerts' } },
    ],
  })
}

/** Pages of the crew app. */
import { createRouter, createWebHistory, type Router } from 'vue-router'
import OrderPage from './OrderPage.vue'
import OrdersPage from './OrdersPage.vue'

export function createCrewRouter(): Router {
  return createRouter({
    history: createWebHistory('/crew/'),
    routes: [
      { path: '/', name: 'orders', component: OrdersPage },
      { path: '/orders/:id', name: 'order', component: OrderPage },
      { path: '/:rest(.*)*', redirect: { name: 'orders' } },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
}

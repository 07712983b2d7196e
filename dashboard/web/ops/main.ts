/** Entry of the duty console. */
import { startWebApp } from '../shared/start.ts'
import OpsApp from './OpsApp.vue'
import { createOpsRouter } from './router.ts'

startWebApp(OpsApp, createOpsRouter())

/** Entry of the crew's page. */
import { startWebApp } from '../shared/start.ts'
import CrewApp from './CrewApp.vue'
import { createCrewRouter } from './router.ts'

startWebApp(CrewApp, createCrewRouter())

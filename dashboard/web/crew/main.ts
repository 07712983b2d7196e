/** Entry of the crew app. */
import { startWebApp } from '../shared/start.ts'
import CrewApp from './CrewApp.vue'
import { createCrewRouter } from './router.ts'

startWebApp(CrewApp, createCrewRouter())

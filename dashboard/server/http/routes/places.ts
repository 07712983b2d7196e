/** `/crews` and `/sites`: who and what can be chosen on the screens. */
import { z } from 'zod'
import type { Directory } from '../../../../model/ports/directory.ts'
import type { ApiApp } from '../api-app.ts'
import { apiErrorSchema, crewSchema, sitesSchema } from '../schemas.ts'

const tag = 'places'

export function addPlaceRoutes(app: ApiApp, deps: { readonly directory: () => Directory }): void {
  app.get(
    '/crews',
    {
      config: { access: 'device.read' },
      schema: {
        tags: [tag],
        summary: 'Crews that work orders can be given to',
        response: { 200: z.array(crewSchema).readonly(), '4xx': apiErrorSchema },
      },
    },
    async () => deps.directory().crews(),
  )
  app.get(
    '/sites',
    {
      config: { access: 'device.read' },
      schema: {
        tags: [tag],
        summary: 'Sites and their grids',
        response: { 200: sitesSchema, '4xx': apiErrorSchema },
      },
    },
    async () => ({ sites: deps.directory().sites(), grids: deps.directory().grids() }),
  )
}

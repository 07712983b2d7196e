/** The web apps as files: hashed assets are cached for ever, pages are revalidated; deep links get their app's page. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ApiError } from '../../../model/api.ts'
import type { Logger } from '../../../model/ports/logger.ts'

/** First match wins; the console takes every other path. */
const apps = [
  { prefix: '/crew', page: 'crew/index.html' },
  { prefix: '/', page: 'index.html' },
] as const
/** Under these prefixes an unknown path is a 404, not the console. */
const notPages = ['/api/', '/socket.io/', '/open311/', '/assets/']

export async function addPages(app: FastifyInstance, webRoot: string, logger: Logger): Promise<void> {
  const built = existsSync(join(webRoot, 'index.html'))
  if (built)
    await app.register(fastifyStatic, {
      root: webRoot,
      dotfiles: 'ignore',
      cacheControl: false,
      setHeaders: cacheHeaders,
    })
  else logger.warn({ webRoot }, 'the web apps are not built; only the API is served')

  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (!built || !wantsPage || notPages.some((prefix) => path.startsWith(prefix))) return notFound(reply)
    const page = apps.find(({ prefix }) => path === prefix || path.startsWith(withSlash(prefix)))?.page
    return page && existsSync(join(webRoot, page)) ? reply.sendFile(page) : notFound(reply)
  })
}

function notFound(reply: FastifyReply): FastifyReply {
  const body: ApiError = { code: 'NOT_FOUND', message: 'not found' }
  return reply.code(404).send(body)
}

function withSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix : `${prefix}/`
}

function cacheHeaders(reply: FastifyReply, path: string): void {
  const hashed = /[\\/]assets[\\/]/.test(path)
  reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
}

/** A peer that stores nothing: the same Aedes with an empty hook. `node bare-aedes.ts PORT` */
import { createServer } from 'node:net'
import { Aedes } from 'aedes'

const aedes = new Aedes({ authorizePublish: (_client, _packet, done) => done(null) })
await aedes.listen()
createServer({ noDelay: true }, (socket) => void aedes.handle(socket)).listen(
  Number(process.argv[2]),
  '127.0.0.1',
)

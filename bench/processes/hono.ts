/** Ceiling (a): a bare Hono server that answers every read with one text and every POST with what it parsed. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { answerWith } from '../children.ts'

let fixed = '{}'
const headers = { 'Content-Type': 'application/scim+json' }

const app = new Hono()
app.get('/scim/v2/Users/:id', (context) => context.body(fixed, 200, headers))
app.post('/scim/v2/Users', async (context) =>
  context.body(JSON.stringify(await context.req.json()), 201, headers),
)

const port = await new Promise<number>((resolve) => {
  serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (address) => resolve(address.port))
})

answerWith((message: { fixed: string }) => {
  fixed = message.fixed
  return { port }
})

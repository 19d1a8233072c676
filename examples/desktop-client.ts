/** How a desktop application signs people in with Entrance (RFC 8252). Copy what you need. */
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { parseArgs } from 'node:util'

const random = () => randomBytes(32).toString('base64url')
const help = `Signs in as a desktop application does: node examples/desktop-client.ts [--print] ENTRANCE

  ENTRANCE  the address of Entrance (its PUBLIC_URL), such as http://localhost:3000
  --print   only print the address to open; else BROWSER or the browser of the system opens it
  --help    this text
`

type Tokens = Readonly<Record<'access_token' | 'refresh_token', string>>

async function ask<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init).catch(() => {
    throw new Error(`There is no answer from ${url}.`)
  })
  const answer = (await response.json().catch(() => ({}))) as { error_description?: string }
  if (response.ok) return answer as Answer
  throw new Error(answer.error_description ?? `${url} answered ${response.status}.`)
}

function post<Answer>(url: string, form: Record<string, string>): Promise<Answer> {
  return ask(url, { method: 'POST', body: new URLSearchParams({ client_id: 'desktop', ...form }) })
}

function openBrowser(url: string, print: boolean): void {
  console.log(`Sign in with your browser. If it does not open, go to\n\n  ${url}\n`)
  if (print) return
  const unix = process.platform === 'darwin' ? 'open' : 'xdg-open'
  const system = process.platform === 'win32' ? 'rundll32 url.dll,FileProtocolHandler' : unix
  const [program = '', ...args] = (process.env['BROWSER'] ?? system).split(' ')
  const browser = spawn(program, [...args, url], { detached: true, stdio: 'ignore' })
  browser.on('error', () => console.log('There is no browser to open.')).unref()
}

/** What the browser brings back. Any program of this machine may call here: only who knows the state is heard. */
function answerOf(server: Server, state: string): Promise<URLSearchParams> {
  return new Promise((resolve) => {
    server.on('request', ({ url = '/' }, response) => {
      const answer = URL.parse(url, 'http://127.0.0.1')?.searchParams
      const ours = answer?.get('state') === state
      response.writeHead(ours ? 200 : 404, { Connection: 'close' })
      response.end(
        ours ? 'Go on in the application. You can close this window.' : 'Nothing is here.',
      )
      if (answer && ours) resolve(answer)
    })
  })
}

async function signIn(entrance: string, print: boolean): Promise<Tokens> {
  // Port 0 is any that is free; nobody on another machine can come to 127.0.0.1.
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const redirect_uri = `http://127.0.0.1:${port}/signed-in`
  const [state, code_verifier] = [random(), random()]
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
  const client = { response_type: 'code', client_id: 'desktop', redirect_uri, state }
  const query = new URLSearchParams({ ...client, code_challenge, code_challenge_method: 'S256' })
  openBrowser(`${entrance}/auth/native/authorize?${query.toString()}`, print)
  const answer = await answerOf(server, state)
  server.close()
  if (answer.get('iss') !== entrance) throw new Error(`The answer is not from ${entrance}.`)
  const code = answer.get('code')
  if (code === null) throw new Error(answer.get('error_description') ?? 'There is no code.')
  const grant = { grant_type: 'authorization_code', code, redirect_uri, code_verifier }
  return post(`${entrance}/auth/token`, grant)
}

async function run(): Promise<void> {
  const options = { print: { type: 'boolean' }, help: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const entrance = positionals[0]?.replace(/\/+$/, '')
  if (values.help || entrance === undefined) return console.log(help)
  const { access_token, refresh_token } = await signIn(entrance, values.print === true)
  const headers = { Authorization: `Bearer ${access_token}` }
  const session = await ask<{ user: object }>(`${entrance}/auth/session`, { headers })
  console.log('Signed in:', session.user)

  // Before the hour of the access token is over, one request at a time. Keep the new refresh token, in the key store of
  // the system, before anything else: the old one is used up, and sending it again ends the session.
  const grant = { grant_type: 'refresh_token', refresh_token }
  const renewed = await post<Tokens>(`${entrance}/auth/token`, grant)
  console.log('Got new tokens.')

  // When the person signs out.
  await post(`${entrance}/auth/revoke`, { token: renewed.refresh_token })
  console.log('Signed out. Good-bye!')
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})

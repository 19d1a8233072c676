import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { EntranceProcess } from './entrance-process.ts'

/** The first administrator of an Entrance, signed in. Calls throw when the answer is a failure. */
export type Administrator = {
  userName: string
  password: string
  /** A path below `/admin/api`. */
  get: <T>(path: string) => Promise<T>
  post: <T>(path: string, body?: object) => Promise<T>
}

const SET_UP_LINK = /\S+\/auth\/link\/\S+/u
const PATIENCE_MILLISECONDS = 20_000

/** Asks every so often until the answer is as wanted. Throws when it has stayed the same for long. */
export async function until<T>(
  ask: () => T | Promise<T>,
  isWanted: (answer: T) => boolean,
  milliseconds = 20,
): Promise<T> {
  let last = ''
  let since = Date.now()
  for (;;) {
    const answer = await ask()
    if (isWanted(answer)) return answer
    const text = JSON.stringify(answer)
    if (text !== last) since = Date.now()
    else if (Date.now() - since > PATIENCE_MILLISECONDS) throw new Error(`It stays ${text}`)
    last = text
    await delay(milliseconds)
  }
}

/** Makes the first administrator with the link that Entrance printed, as a browser does. */
export async function setUpAdministrator(
  server: Pick<EntranceProcess, 'origin' | 'output'>,
): Promise<Administrator> {
  const { origin } = server
  const printed = await until(server.output, (output) => SET_UP_LINK.test(output))
  const link = SET_UP_LINK.exec(printed)?.[0] ?? ''
  const userName = 'admin'
  const password = randomBytes(12).toString('base64url')
  const form = { userName, displayName: 'Ada Administrator', password, again: password }
  const entered = await fetch(link, {
    method: 'POST',
    headers: { Origin: origin },
    body: new URLSearchParams(form),
    redirect: 'manual',
  })
  if (entered.status !== 303) throw new Error(`The set-up link answered ${entered.status}.`)
  const cookies = entered.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '')

  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${origin}/admin/api${path}`, {
      method,
      headers: { Cookie: cookies.join('; '), 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return JSON.parse(text) as T
  }

  return {
    userName,
    password,
    get: (path) => ask('GET', path),
    post: (path, body = {}) => ask('POST', path, body),
  }
}

import { fetchWithCookies } from './cookies.ts'

/** What a visitor sees, or where it is sent. */
export interface Shown {
  /** Of the page; or the first address that is not at the authority, which is not requested. */
  readonly url: URL
  /** The fields of a form that is to be posted to `url`, which is not at the authority. */
  readonly form: URLSearchParams | undefined
  readonly status: number
  /** The page; empty when the way leads away from the authority. */
  readonly html: string
  /** The texts of the buttons. */
  readonly buttons: readonly string[]
}

/** Somebody with a browser that keeps its cookies, at one authority. */
export interface Visitor {
  /** Asks for an address and follows redirects as far as they stay there. */
  open(url: string | URL): Promise<Shown>
  /** Presses the button with this text, or with this word in it, such as a user principal name. */
  press(shown: Shown, button: string): Promise<Shown>
}

interface Button {
  readonly text: string
  readonly method: string
  readonly action: string
  readonly fields: URLSearchParams
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

function unescape(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/gu, (entity) => ENTITIES[entity] ?? entity)
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(` ${name}="([^"]*)"`, 'u').exec(tag)?.[1]
  return value === undefined ? undefined : unescape(value)
}

function isCalled(text: string, wanted: string): boolean {
  return text === wanted || text.split(' ').includes(wanted)
}

/** The buttons of a page of the authority, each with what its form sends. */
function buttonsOf(html: string): Button[] {
  return [...html.matchAll(/(<form[^>]*>)(.*?)<\/form>/gsu)].flatMap(
    ([, opening = '', content = '']) => {
      const hidden = content.match(/<input[^>]*>/gu) ?? []
      const given = hidden.map((tag) => [attribute(tag, 'name'), attribute(tag, 'value') ?? ''])
      return [...content.matchAll(/(<button[^>]*>)(.*?)<\/button>/gsu)].map(
        ([, tag = '', label = '']) => {
          const own = [attribute(tag, 'name'), attribute(tag, 'value') ?? '']
          const fields = new URLSearchParams()
          for (const [name, value = ''] of [...given, own]) {
            if (name !== undefined) fields.append(name, value)
          }
          return {
            text: unescape(label.replaceAll(/<[^>]*>/gu, ' ').replaceAll(/\s+/gu, ' ')).trim(),
            method: attribute(opening, 'method') ?? 'get',
            action: attribute(opening, 'action') ?? '',
            fields,
          }
        },
      )
    },
  )
}

/** A new browser without cookies. */
export function newVisitor(): Visitor {
  const send = fetchWithCookies()

  const follow = async (url: URL, body?: URLSearchParams): Promise<Shown> => {
    const response = await send(url, body)
    const location = response.headers.get('location')
    const html = await response.text()
    const { status } = response
    if (location !== null) {
      const next = new URL(location, url)
      if (next.origin === url.origin) return follow(next)
      return { url: next, form: undefined, status, html: '', buttons: [] }
    }
    const buttons = buttonsOf(html)
    const [first] = buttons
    const target = new URL(first?.action ?? '', url)
    if (first !== undefined && target.origin !== url.origin) {
      return { url: target, form: first.fields, status, html: '', buttons: [] }
    }
    return { url, form: undefined, status, html, buttons: buttons.map(({ text }) => text) }
  }

  return {
    open: (url) => follow(new URL(url)),
    press: (shown, wanted) => {
      const button = buttonsOf(shown.html).find(({ text }) => isCalled(text, wanted))
      if (button === undefined) {
        throw new Error(`No button is called ${wanted} at ${shown.url.href}: ${shown.html}`)
      }
      const target = new URL(button.action || shown.url.href, shown.url)
      if (button.method === 'post') return follow(target, button.fields)
      target.search = button.fields.toString()
      return follow(target)
    },
  }
}

/**
 * Signs in: starts at an authorization request, picks the account of this user principal name, approves and
 * accepts what is asked. Returns where the browser is sent at the end, `url` without requesting it, with the
 * `form` when it is to be posted there. A visitor that comes again is still signed in.
 */
export async function visit(
  start: string | URL,
  who: string,
  visitor: Visitor = newVisitor(),
): Promise<Shown> {
  const { origin } = new URL(start)
  let shown = await visitor.open(start)
  while (shown.url.origin === origin) {
    const { buttons, url } = shown
    const known = [who, 'Approve', 'Accept'].find((text) =>
      buttons.some((button) => isCalled(button, text)),
    )
    if (known !== undefined) {
      shown = await visitor.press(shown, known)
    } else if (buttons.includes('Search') && !url.searchParams.has('q')) {
      url.searchParams.set('q', who)
      shown = await visitor.open(url)
    } else {
      throw new Error(`There is no way on for ${who} at ${url.href}: ${shown.html}`)
    }
  }
  return shown
}

import { html, raw } from 'hono/html'
import type { Failure } from './aadsts.ts'
import type { Person } from './person.ts'
import { style } from './style.ts'

/** A page or a part of one; what is put into it is escaped. */
type Html = ReturnType<typeof html>

/** How many people the picker shows before it wants to be searched. */
export const MOST_PEOPLE = 8

const sheet = raw(`<style>${style}</style>`)
const sign = raw(
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true"><circle cx="9" cy="9" r="3.5"/><path d="M2.5 20c.6-3.6 3.2-5.5 6.5-5.5s5.9 1.9 6.5 5.5" stroke-linecap="round"/><path d="M15.5 5.9a3.5 3.5 0 0 1 0 6.2M18 15.2c1.9.8 3.1 2.4 3.5 4.8" stroke-linecap="round"/></svg>',
)

function page(title: string, content: Html, head?: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${head}${sheet}
</head>
<body>
<main>
<p class="directory">${sign}Directory sign-in</p>
<h1>${title}</h1>
${content}
</main>
<p class="stand-in">Stand-in for Microsoft Entra ID – for trying out, no real accounts</p>
</body>
</html>
`
}

function initials(name: string): string {
  const letters = name.match(/(?<!\S)\p{L}/gu) ?? ['?']
  return [letters[0], letters.length > 1 ? letters.at(-1) : ''].join('')
}

function badge({ displayName, userPrincipalName }: Person): Html {
  return html`<span class="face" aria-hidden="true">${initials(displayName)}</span>
<span class="who"><strong>${displayName}</strong> <span>${userPrincipalName}</span></span>`
}

function chosen(person: Person): Html {
  return html`<div class="person chosen">${badge(person)}</div>`
}

/** Two buttons; the first is the one to take, and its place is on the right. */
function actions(...names: readonly (readonly [action: string, label: string])[]): Html {
  const buttons = names.map(
    ([action, label], index) =>
      html`<button class="button${index === 0 && names.length > 1 ? '' : ' quiet'}" name="action" value="${action}">${label}</button>`,
  )
  return html`<p class="actions">${buttons}</p>`
}

function searchForm(search: string): Html {
  return html`<form class="search" method="get" role="search">
<label class="hidden" for="q">Search people</label>
<input id="q" type="search" name="q" value="${search}" placeholder="Name or user name" autocomplete="off">
<button class="button quiet">Search</button>
</form>`
}

export function pickerPage(shown: {
  /** The host of the application. */
  readonly to: string
  readonly people: readonly Person[]
  readonly signedIn: ReadonlySet<string>
  readonly search: string
  /** How many people match the search. */
  readonly found: number
  /** How many people there are. */
  readonly total: number
}): Html {
  const { people, search, found, total } = shown
  const rows = people.map(
    (person) => html`<li><button class="person" name="person" value="${person.objectId}">
${badge(person)}${shown.signedIn.has(person.objectId) ? html` <span class="tag">Signed in</span>` : ''}
</button></li>`,
  )
  const count = found === 0 ? 'Nobody is called that.' : `${people.length} of ${found} people`
  return page(
    'Pick an account',
    html`<p class="soft">to continue to ${shown.to}</p>
${total > MOST_PEOPLE ? searchForm(search) : ''}
<form method="post">
<ul class="people">${rows}</ul>
${found === people.length && found > 0 ? '' : html`<p class="count">${count}</p>`}
${actions(['cancel', 'Cancel'])}
</form>`,
  )
}

export function approvalPage(to: string, person: Person): Html {
  return page(
    'Approve sign-in request',
    html`<p class="soft">to continue to ${to}</p>
${chosen(person)}
<p>Your telephone would now ask whether it is you who signs in. Here you answer on this page.</p>
<form method="post">${actions(['approve', 'Approve'], ['deny', 'Deny'])}</form>`,
  )
}

const WANTED: readonly (readonly [scope: string, text: string])[] = [
  ['openid', 'Sign you in'],
  ['profile', 'View your basic profile'],
  ['email', 'View your e-mail address'],
  ['offline_access', 'Maintain access to data you have given it access to'],
]

export function consentPage(to: string, person: Person, scopes: ReadonlySet<string>): Html {
  const wanted = WANTED.filter(([scope]) => scopes.has(scope))
  return page(
    'Permissions requested',
    html`<p class="soft">by ${to}</p>
${chosen(person)}
<p>This application would like to:</p>
<ul class="wanted">${wanted.map(([, text]) => html`<li>${text}</li>`)}</ul>
<form method="post">${actions(['accept', 'Accept'], ['cancel', 'Cancel'])}</form>`,
  )
}

/** What went wrong here; without a failure, a sign-in that is over. */
export function troublePage(failure: Failure | undefined): Html {
  if (failure === undefined) {
    return page(
      'This sign-in is over',
      html`<p>It was finished already, or it took too long. Go back to the application and sign in again.</p>`,
    )
  }
  const [sentence] = failure.description.split(' Trace ID: ')
  return page(
    'Sorry, but we’re having trouble signing you in.',
    html`<p class="bad">${sentence}</p>
<dl>
<dt>Correlation ID</dt><dd>${failure.correlationId}</dd>
<dt>Timestamp</dt><dd>${failure.timestamp}</dd>
</dl>`,
  )
}

/** Tells the application in a hidden frame that its sessions are over, then goes where it wants to. */
export function signedOutPage(frames: readonly string[], next: string | undefined): Html {
  const hidden = frames.map(
    (address) => html`<iframe class="hidden" title="Signing out" src="${address}"></iframe>`,
  )
  // A browser begins to count when the frames have been loaded.
  const refresh = html`<meta http-equiv="refresh" content="0;url=${next}">`
  return page(
    'You are signed out',
    next === undefined
      ? html`<p class="soft">You can close this window.</p>${hidden}`
      : html`<p class="soft">You are being sent back.</p>
<p class="actions"><a class="button" href="${next}">Continue</a></p>${hidden}`,
    next === undefined ? undefined : refresh,
  )
}

/** Sends the browser to the application with a POST. */
export function formPostPage(target: string, values: Readonly<Record<string, string>>): Html {
  const fields = Object.entries(values).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return page(
    'Signing you in',
    html`<form method="post" action="${target}">${fields}
<p class="actions"><button class="button">Continue</button></p>
</form>
<script>document.forms[0].submit()</script>`,
  )
}

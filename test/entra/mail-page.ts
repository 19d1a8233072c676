import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ReceivedMail } from '../support/mail-server.ts'

/** A page that shows mails. */
export type MailPage = { origin: string; close: () => Promise<void> }

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as it stands in the page. */
export const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? '')

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid GrayText; border-radius: 8px; margin: 1rem 0; padding: 0 1rem; }
h2 { font-size: 1rem; margin: 1rem 0 0; }
pre { font: inherit; overflow-wrap: anywhere; white-space: pre-wrap; }
`

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
}

function article({ headers, to, text }: ReceivedMail): string {
  const subject = escape(headers['subject'] ?? '')
  return `<article>
<h2>${subject}</h2>
<div>To ${escape(to.join(', '))}</div>
<pre>${escape(text)}</pre>
</article>`
}

/** The mails, newest first. */
export function mailPage(mails: readonly ReceivedMail[]): string {
  const count = mails.length === 1 ? '1 mail' : `${mails.length} mails`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mails</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<h1>Mails</h1>
<p>${count} so far. Nobody else has got them.</p>
${mails.toReversed().map(article).join('\n')}
</body>
</html>
`
}

/** Serves the page on a free port of this machine. */
export async function startMailPage(mails: readonly ReceivedMail[]): Promise<MailPage> {
  const server = createServer((_, response) => {
    response.writeHead(200, HEADERS).end(mailPage(mails))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('No port was given.')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

import type { Asked } from '../../console/asked.ts'
import { mailTexts as texts } from '../../../texts/mails.ts'
import { attempt } from '../../console/attempt.ts'
import { previewMail } from '../../mail-templates.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
const escape = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character] ?? '')

const BOX = 'font:14px/1.5 ui-sans-serif,system-ui,sans-serif;padding:12px 16px'

/** What is wrong with a draft, in the place of the mail. */
function brokenDocument(details: readonly string[]): string {
  const items = details.map((detail) => `<li>${escape(detail)}</li>`).join('')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${texts.words.broken}</title></head><body style="margin:0;${BOX}"><h1 style="font-size:15px;margin:8px 0">${texts.words.broken}</h1><ul style="padding-left:20px">${items}</ul></body></html>`
}

/** A mail as it is sent, with its subject above and the plain text below. Its links lead nowhere. */
function mailDocument(mail: { subject: string; text: string; html: string }): string {
  const head = `<div style="${BOX};border-bottom:1px solid #8886"><span style="opacity:.7">${texts.words.subject}</span> <strong dir="auto">${escape(mail.subject)}</strong></div>`
  const foot = `<details style="${BOX}"><summary style="cursor:pointer">${texts.words.plain}</summary><pre dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere">${escape(mail.text)}</pre></details>`
  return mail.html
    .replaceAll('<a ', '<a target="_blank" ')
    .replace(/(<body[^>]*>)/, (body) => `${body}${head}`)
    .replace('</body>', () => `${foot}</body>`)
}

/** The document in the frame: a draft, or what is in force. */
export async function previewDocument(
  asked: Asked,
  draft?: { readonly subject: string; readonly body: string },
): Promise<Response> {
  const { context, id } = asked
  const tried = await attempt(() =>
    previewMail.call(asked, { id, body: draft === undefined ? {} : { draft } }),
  )
  context.set('policy', 'within')
  if ('made' in tried) return context.html(mailDocument(tried.made))
  const { text, fields } = tried.faults
  const details = Object.values(fields)
  return context.html(brokenDocument(details.length > 0 ? details : [text]))
}

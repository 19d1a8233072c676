/** A mail as it was sent, taken apart as far as Entrance's own mails go: two texts, one beside the other. */
export interface ParsedMail {
  /** By their names in small letters, unfolded and decoded; one that stands twice is an error. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly html: string
}

function decodeQuoted(text: string): Buffer {
  const joined = text.replace(/=\r\n/g, '')
  return Buffer.from(
    joined.replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`))),
    'latin1',
  )
}

function decodeWord(_: string, encoding: string, text: string): string {
  const bytes =
    encoding.toUpperCase() === 'B'
      ? Buffer.from(text, 'base64')
      : decodeQuoted(text.replaceAll('_', ' '))
  return bytes.toString()
}

/** Words of RFC 2047: the blank between two of them is not part of the text. */
function decodeHeader(value: string): string {
  return value
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, decodeWord)
}

function splitHead(raw: string): { headers: Record<string, string>; body: string } {
  const end = raw.indexOf('\r\n\r\n')
  const headers: Record<string, string> = {}
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const [, name = '', value = ''] = /^([!-9;-~]+): ?(.*)$/.exec(line) ?? []
    const key = name.toLowerCase()
    if (key === '' || key in headers) throw new Error(`This is no head of a mail: ${line}`)
    headers[key] = decodeHeader(value)
  }
  return { headers, body: raw.slice(end + 4) }
}

function decodeBody(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  return encoding === 'quoted-printable' ? decodeQuoted(body).toString() : body
}

/** What a mail program makes of a mail. */
export function parseMail(raw: string): ParsedMail {
  const { headers, body } = splitHead(raw)
  const boundary = /^multipart\/alternative;.*boundary="?([^";]+)"?/.exec(
    headers['content-type'] ?? '',
  )?.[1]
  if (boundary === undefined) throw new Error('This mail has no two texts.')
  const texts: Record<string, string> = {}
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const { headers: own, body: inner } = splitHead(part.replace(/^\r\n|\r\n$/g, ''))
    const type = String(own['content-type']).split(';')[0] ?? ''
    const text = decodeBody(inner, own['content-transfer-encoding'])
    texts[type] = text.replaceAll('\r\n', '\n')
  }
  return { headers, text: texts['text/plain'] ?? '', html: texts['text/html'] ?? '' }
}

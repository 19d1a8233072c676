/*
 * How mails look. Mail programs take away style sheets, or parts of them: what a mail looks like stands with each
 * element, and the one sheet only says what is different in the dark.
 */

const FONT = `font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif`

const DARK = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .paper { background: #12161f !important; }
  .card { background: #1b212d !important; border-color: #343b4c !important; }
  .ink { color: #e8ebf2 !important; }
  .soft { color: #aab2c5 !important; }
  .link { color: #86a8ff !important; }
  .number { background: #24304d !important; color: #86a8ff !important; }
  .button, .button a { background: #86a8ff !important; color: #0d1526 !important; }
  .rule { border-color: #343b4c !important; }
}`

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as it stands in HTML, between elements or in the quotes of an attribute. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

/** A text of others, which may be written from right to left among words that are not. */
export function isolated(text: string): string {
  return `<bdi dir="auto">${escape(text)}</bdi>`
}

/* What follows is given HTML, and addresses as they are. Whichever way its words are written, each part begins there. */

/** The first heading of a mail, or one below it. */
export function heading(content: string, level: 1 | 2): string {
  const style = level === 1 ? 'margin:0 0 16px;font-size:24px' : 'margin:24px 0 8px;font-size:18px'
  return `<h${level} class="ink" dir="auto" style="${style};color:#1d2433;line-height:1.25;font-weight:700">${content}</h${level}>`
}

export function link(url: string, label: string): string {
  return `<a class="link" href="${escape(url)}" style="color:#2456d6;word-break:break-word">${label}</a>`
}

/** `below` is the room below it, in pixels. */
export function button(url: string, label: string, below: number): string {
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:12px 0 ${below}px"><tr>
<td class="button" bgcolor="#2456d6" style="background:#2456d6;border-radius:10px"><a href="${escape(url)}" style="display:inline-block;padding:12px 20px;color:#ffffff;font-weight:600;text-decoration:none;border-radius:10px;word-break:break-word">${label}</a></td>
</tr></table>`
}

export function paragraph(content: string): string {
  return `<p class="ink" dir="auto" style="margin:0 0 16px;color:#1d2433">${content}</p>`
}

export function steps(contents: readonly string[]): string {
  const rows = contents.map(
    (content, index) => `<tr>
<td valign="top" width="44" style="padding:0 0 20px"><div class="number" style="width:28px;height:28px;border-radius:14px;background:#e6edfd;color:#2456d6;font-weight:600;line-height:28px;text-align:center">${index + 1}</div></td>
<td class="ink" dir="auto" valign="top" style="padding:2px 0 20px;color:#1d2433">${content}</td>
</tr>`,
  )
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 0">
${rows.join('\n')}
</table>`
}

export function footnote(content: string): string {
  return `<p class="soft rule" dir="auto" style="margin:8px 0 0;padding:20px 0 0;border-top:1px solid #d9dee8;color:#566074;font-size:14px">${content}</p>`
}

/** A whole mail of one column; the title is a text, and the language that of all words where it is known. */
export function page(
  title: string,
  content: readonly string[],
  language: string | undefined,
): string {
  return `<!doctype html>
<html${language === undefined ? '' : ` lang="${language}"`} dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escape(title)}</title>
<style>${DARK}
</style>
</head>
<body class="paper" style="margin:0;padding:0;background:#f4f6fa">
<table class="paper" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f6fa" style="background:#f4f6fa"><tr><td align="center" style="padding:32px 16px">
<table class="card" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width:560px;background:#ffffff;border:1px solid #d9dee8;border-radius:16px;border-collapse:separate"><tr><td align="left" style="padding:32px;${FONT};font-size:16px;line-height:1.5;word-break:break-word">
${content.join('\n')}
</td></tr></table>
</td></tr></table>
</body>
</html>
`
}

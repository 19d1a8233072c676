import { describe, expect, test } from 'vitest'
import type { MailTemplate } from '../../src/directory/settings.ts'
import type { MailFacts } from '../../src/directory/mail-desk.ts'
import { mistakesIn, writeLetter } from '../../src/mail/templates.ts'

const all: MailFacts = {
  applicationName: 'Studio',
  downloadUrl: 'https://get.example/client',
  signInUrl: 'https://in.example/auth/sign-in',
  contact: 'the desk',
}
const adele = { displayName: 'Adele', userName: 'adele@contoso.example' }
const link = { url: 'https://in.example/auth/link/x', expires: '2026-03-09T08:00:00.000Z' }

interface Around {
  readonly facts?: Partial<MailFacts>
  readonly displayName?: string
}

function written(template: Partial<MailTemplate>, { facts, ...person }: Around = {}) {
  return writeLetter('password-invitation', {
    template: { subject: 'A subject', body: 'A body', ...template },
    facts: { ...all, ...facts },
    receiver: { ...adele, ...person },
    link,
  })
}

/** What is in the card of a mail, without how it looks. */
function bare(html: string): string {
  const card =
    /<td align="left"[^>]*>([^]*?)<\/td><\/tr><\/table>\n<\/td><\/tr><\/table>\n<\/body>/.exec(html)
  return (card?.[1] ?? '')
    .replace(/ (?:style|class|dir|role|bgcolor|width|valign|cell\w+|border)="[^"]*"/g, '')
    .replace(
      /<table><tr>\s*<td>(<a [^>]*>[^<]*<\/a>)<\/td>\s*<\/tr><\/table>/g,
      '<button>$1</button>',
    )
    .replace(/<\/?(?:table|tr|bdi)>/g, '')
    .replace(/<td><div>(\d+)<\/div><\/td>/g, '($1)')
    .replace(/\s*\n\s*/g, '')
}

const without = { facts: { downloadUrl: undefined } } as const

describe('a mail is made of lines:', () => {
  test.each([
    [
      'lines of a paragraph',
      'One\nTwo\n\nThree',
      'One\nTwo\n\nThree',
      '<p>One<br>Two</p><p>Three</p>',
    ],
    ['blank lines', '\n\nOne\n \n\t\n\nTwo\n\n', 'One\n\nTwo', '<p>One</p><p>Two</p>'],
    ['a heading', '# One\nTwo', 'One\n\nTwo', '<h1>One</h1><p>Two</p>'],
    ['a heading that says the subject', '# A subject\nTwo', 'Two', '<h1>A subject</h1><p>Two</p>'],
    [
      'more headings',
      '# One\n# Two\n# Three',
      'One\n\nTwo\n\nThree',
      '<h1>One</h1><h2>Two</h2><h2>Three</h2>',
    ],
    ['no heading', '#One\n## Two', '#One\n## Two', '<p>#One<br>## Two</p>'],
    ['steps', '1. One\n2. Two', '1. One\n\n2. Two', '(1)<td>One</td>(2)<td>Two</td>'],
    [
      'steps with lines between',
      '7. One\n\n7. Two',
      '1. One\n\n2. Two',
      '(1)<td>One</td>(2)<td>Two</td>',
    ],
    [
      'steps of several lines',
      '1. One\n   more\n\tyet more\n2. Two',
      '1. One\n   more\n   yet more\n\n2. Two',
      '(1)<td>One<br>more<br>yet more</td>(2)<td>Two</td>',
    ],
    [
      'a paragraph after steps',
      '1. One\nTwo\n1. Three',
      '1. One\n\nTwo\n\n1. Three',
      '(1)<td>One</td><p>Two</p>(1)<td>Three</td>',
    ],
    [
      'numbers that are no steps',
      '2026. A year\n1.5 l\n1.\n 1. no',
      '2026. A year\n1.5 l\n1.\n1. no',
      '<p>2026. A year<br>1.5 l<br>1.<br>1. no</p>',
    ],
    [
      'strong words',
      'Tick **this one** now',
      'Tick "this one" now',
      '<p>Tick <strong>this one</strong> now</p>',
    ],
    ['a strong line', 'It is\n**adele**', 'It is\nadele', '<p>It is<br><strong>adele</strong></p>'],
    ['no strong words', '2 * 3 ** 4 * **', '2 * 3 ** 4 * **', '<p>2 * 3 ** 4 * **</p>'],
    [
      'a link',
      'See [the help](https://h.example/a?b=1&c=2) now',
      'See the help (https://h.example/a?b=1&c=2) now',
      '<p>See <a href="https://h.example/a?b=1&amp;c=2">the help</a> now</p>',
    ],
    [
      'a link to write to',
      '[Us](mailto:it@contoso.example) all',
      'Us (it@contoso.example) all',
      '<p><a href="mailto:it@contoso.example">Us</a> all</p>',
    ],
    [
      'an address alone',
      'At https://h.example/a. Now',
      'At https://h.example/a. Now',
      '<p>At <a href="https://h.example/a">https://h.example/a</a>. Now</p>',
    ],
    [
      'a button',
      'One\n[Go](https://h.example)\nTwo',
      'One\nGo:\nhttps://h.example\nTwo',
      '<p>One</p><button><a href="https://h.example">Go</a></button><p>Two</p>',
    ],
    [
      'a button that is announced',
      'One:\n[Go](https://h.example)',
      'One:\nhttps://h.example',
      '<p>One:</p><button><a href="https://h.example">Go</a></button>',
    ],
    [
      'a button in a step',
      '1. One:\n   [Go](https://h.example)\n   more',
      '1. One:\n   https://h.example\n   more',
      '(1)<td>One:<button><a href="https://h.example">Go</a></button>more</td>',
    ],
    [
      'small print',
      'One\n---\nTwo\nThree\n\n[Four](https://h.example)',
      'One\n\nTwo\nThree\n\nFour:\nhttps://h.example',
      '<p>One</p><p>Two<br>Three<br><br><a href="https://h.example">Four</a></p>',
    ],
    [
      'marks that stand for themselves',
      String.raw`\# a \*\*b\*\* \{c\} \[d](https://h.example) 1\. \\`,
      String.raw`# a **b** {c} [d](https://h.example) 1. \ `.trim(),
      '<p># a **b** {c} [d](<a href="https://h.example">https://h.example</a>) 1. \\</p>',
    ],
    [
      'HTML, which is none',
      '<b>One</b> & "two"',
      '<b>One</b> & "two"',
      '<p>&lt;b&gt;One&lt;/b&gt; &amp; &quot;two&quot;</p>',
    ],
  ])('%s', (_, body, text, html) => {
    const mail = written({ body })
    expect(mail.text).toBe(`${text}\n`)
    expect(bare(mail.html)).toBe(html)
  })

  test('a link that leads nowhere good is its label alone', () => {
    const { text, html } = written({ body: 'See [x](javascript:alert) and [y](/path)' })
    expect(text).toBe('See x and y\n')
    expect(bare(html)).toBe('<p>See x and y</p>')
  })

  test('a text is broken where it is long, but never in a word', () => {
    const { text } = written({ body: `1. ${'word '.repeat(40)}${'x'.repeat(100)} end` })
    const lines = text.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^1\. word/)
    expect(lines.slice(1).every((line) => line.startsWith('   '))).toBe(true)
    expect(lines.filter((line) => line.length > 79)).toStrictEqual([`   ${'x'.repeat(100)}`])
  })
})

describe('a placeholder stands for', () => {
  test.each([
    [
      'a text',
      'For {name}, {account} of {application}: {contact}',
      'For Adele, adele@contoso.example of Studio: the desk',
    ],
    ['an address', 'At {sign-in}.', 'At https://in.example/auth/sign-in.'],
    ['where a link leads', '[Go on]({link})', 'Go on:\nhttps://in.example/auth/link/x'],
    [
      'the server that a link leads to',
      '[From {download}]({download})',
      'From get.example:\nhttps://get.example/client',
    ],
    ['a time', 'Until {expires}', 'Until 9 March 2026 at 08:00 UTC'],
  ])('%s', (_, body, text) => {
    expect(written({ body }).text).toBe(`${text}\n`)
  })

  test('nothing that it does not know', () => {
    expect(written({ body: '{nobody} {constructor} {__proto__}' }).text).toBe(
      '{nobody} {constructor} {__proto__}\n',
    )
  })

  test('a value, and never a mark', () => {
    const marks = '**x** [y](https://evil.example) {link} \\ https://evil.example # 1. |'
    const { text, html } = written(
      { body: '{name}\n\n**{name}**', subject: 'For {name}' },
      { displayName: marks },
    )
    expect(text).toBe(`${marks}\n\n${marks}\n`)
    expect(bare(html)).toBe(`<p>${marks}</p><p><strong>${marks}</strong></p>`)
  })

  test('the values of the subject too', () => {
    const { subject } = written({ subject: '{name}: **{application}** [x](y) \\{' })
    expect(subject).toBe('Adele: **Studio** [x](y) {')
  })
})

describe('what is not known is left out:', () => {
  test.each([
    ['a name within a line', 'Hello {name}, come in', 'Hello, come in'],
    ['a name at the end of a line', 'Welcome, {name}\nCome in', 'Welcome\nCome in'],
    ['a name at the beginning of a line', '{name}, come in', 'come in'],
    ['a strong name', 'Hello **{name}**!', 'Hello!'],
    ['a line of it', 'One\n{name}\nTwo', 'One\nTwo'],
    ['a step of it', '1. {name}\n2. Two', '1. Two'],
    ['a paragraph of it', 'One\n\n{name},\n\nTwo', 'One\n\nTwo'],
  ])('%s', (_, body, text) => {
    expect(written({ body }, { displayName: '' }).text).toBe(`${text}\n`)
  })

  test.each([
    ['a line', 'One\nGet it at {download}\nTwo', 'One\nTwo'],
    ['a button', 'One\n\n[Get it]({download})\n\nTwo', 'One\n\nTwo'],
    ['a label', 'One [of {download}](https://h.example)\nTwo', 'Two'],
    ['a heading', '# From {download}\nOne', 'One'],
    [
      'a line of a step',
      '1. Install it\n   [Get it]({download})\n2. Two',
      '1. Install it\n\n2. Two',
    ],
    ['a step', '1. Get it at {download}\n   and install it\n2. Two', '1. Two'],
    ['all there is of a step', '1. **{download}**\nOne', 'One'],
  ])('%s without an address to download from', (_, body, text) => {
    expect(written({ body }, without).text).toBe(`${text}\n`)
    expect(written({ body }).text).toContain('get.example')
  })

  test.each([
    ['a line', 'One\nGet {download}\n| Ask {contact}\nTwo', 'One\nAsk the desk\nTwo'],
    ['two lines', 'Get {download}\n| Ask\n| them\nTwo', 'Ask\nthem\nTwo'],
    [
      'a step',
      '1. Get it:\n   {download}\n| 1. Ask {contact}\n|    twice\n2. Two',
      '1. Ask the desk\n   twice\n\n2. Two',
    ],
    ['a line by steps', 'Get {download}\n| 1. Ask\n| 2. Wait', '1. Ask\n\n2. Wait'],
    ['what again is not known', 'Get {download}\n| {download}\n|| Ask\nTwo', 'Ask\nTwo'],
  ])('and something else stands in the place of %s', (_, body, text) => {
    expect(written({ body }, without).text).toBe(`${text}\n`)
    const known = written({ body }).text
    expect(known).toContain('https://get.example/client')
    expect(known).not.toMatch(/Ask/)
  })
})

const known = '{name}, {account}, {application}, {contact}, {download}, {sign-in}'
const unknown = (name: string, more = '') =>
  `There is no ${name} in this mail, which knows ${known}${more}. Write \\{ for a brace.`
const badLink = 'A link leads to https://, http:// or mailto:, or to one placeholder alone.'

describe('a mistake is told with its line:', () => {
  test.each([
    ['nothing at all', ' \n ', ['Write what the mail says.']],
    ['an unknown name', 'One\nTwo {nme}', [`Line 2: ${unknown('{nme}')}`]],
    ['a name of another kind of mail', '{link}', [`Line 1: ${unknown('{link}')}`]],
    ['a name that all things have', '{constructor}', [`Line 1: ${unknown('{constructor}')}`]],
    ['a brace', 'if { x } then', [`Line 1: ${unknown('{ x }')}`]],
    ['an unknown name in a link', '[x]({x})', [`Line 1: ${unknown('{x}')}`]],
    ['an unknown name in a label', '[{x}](https://h.example)', [`Line 1: ${unknown('{x}')}`]],
    ['an unknown name in strong words', '**{x}**', [`Line 1: ${unknown('{x}')}`]],
    [
      'an unknown name in what stands instead',
      'One {download}\n| Two {x}',
      [`Line 2: ${unknown('{x}')}`],
    ],
    [
      'a name for an address',
      '[x]({account})',
      ['Line 1: {account} is no address that a link could lead to.'],
    ],
    ['a script', '[x](javascript:alert(1)) [y](javascript:alert)', [`Line 1: ${badLink}`]],
    ['data', '[x](data:text/html,x)', [`Line 1: ${badLink}`]],
    ['a file', '[x](file:///etc/passwd)', [`Line 1: ${badLink}`]],
    ['a path', '[x](/auth/sign-in)', [`Line 1: ${badLink}`]],
    [
      'an address of more than a placeholder',
      '[x](https://h.example/{account})',
      [`Line 1: ${badLink}`],
    ],
    ['an address that is none', '[x](https://)', [`Line 1: ${badLink}`]],
    ['an address with a quote', '[x](https://h.example/"onclick=x)', [`Line 1: ${badLink}`]],
    [
      'instead of nothing',
      'One\n\n| Two',
      ['Line 3: There is no line right above in whose place it could stand.'],
    ],
    [
      'steps in the small print',
      'One\n---\n1. Two\n# Three',
      ['Line 3: Below --- are plain lines only.', 'Line 4: Below --- are plain lines only.'],
    ],
    [
      'several',
      '[x](y)\n{z}\n[x](y)',
      [`Line 1: ${badLink}`, `Line 2: ${unknown('{z}')}`, `Line 3: ${badLink}`],
    ],
  ])('%s', (_, body, details) => {
    const mistakes = mistakesIn('invitation', { subject: 'A subject', body })
    expect(mistakes).toStrictEqual(details.map((detail) => ({ part: 'body', detail })))
  })

  test.each([
    ['', 'Write a subject.'],
    ['  ', 'Write a subject.'],
    ['For {x}', unknown('{x}', ', {link}, {expires}')],
    ['Use {link}', '{link} is an address, which has no place in a subject.'],
    ['At {download}', '{download} is an address, which has no place in a subject.'],
  ])('the subject %j', (subject, detail) => {
    expect(mistakesIn('password-reset', { subject, body: '{link}' })).toStrictEqual([
      { part: 'subject', detail },
    ])
  })
})

describe('a mail about a password', () => {
  const needed = 'Write {link} where it is always seen: the mail is of no use without.'

  test.each([
    ['has no link', 'Hello'],
    ['only names the link', '[{link}](https://h.example)'],
    ['has the link in what stands instead', 'Get {download}\n| {link}'],
    ['has the link only with something else', '{link} and {download}'],
    ['has the link where it stands for itself', '\\{link}'],
  ])('is refused that %s', (_, body) => {
    const mistakes = mistakesIn('password-reset', { subject: 'A subject', body })
    expect(mistakes).toStrictEqual([{ part: 'body', detail: needed }])
  })

  test.each([
    '{link}',
    '[Go]({link})',
    '1. One\n   **{link}**',
    'Get {download} {link}\n| {link}',
    '---\n{link}',
  ])('is fine as %j', (body) => {
    expect(mistakesIn('password-invitation', { subject: 'A subject', body })).toStrictEqual([])
  })
})

test.each(['{', '[', '**', '**a', '[a](', '\\', '*', '| ', '{a', 'https://', '1. \n   '])(
  'thousands of %j are read at once',
  (part) => {
    const body = part.repeat(10_000 / part.length)
    const started = performance.now()
    written({ body, subject: part.repeat(50) })
    mistakesIn('invitation', { subject: 'A subject', body })
    expect(performance.now() - started).toBeLessThan(500)
  },
)

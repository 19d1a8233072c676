/** Programs for tables take a value for a formula that begins so. */
const FORMULA = /^[=+\-@\t\r]/

/** The mark that tells programs for tables that a file is UTF-8. */
export const BYTE_ORDER_MARK = '\ufeff'

/** So many characters are sent at once. */
const ENOUGH = 32_768

function cell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A line of a table (RFC 4180), in which nothing is taken for a formula. */
export function csvLine(values: readonly string[]): string {
  return `${values.map(cell).join(',')}\r\n`
}

async function* partsOf(lines: AsyncIterable<readonly string[]>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let part = BYTE_ORDER_MARK
  for await (const line of lines) {
    part += csvLine(line)
    if (part.length < ENOUGH) continue
    yield encoder.encode(part)
    part = ''
  }
  yield encoder.encode(part)
}

/** A table to keep as a file, which is made while it is sent: it may be of any length. */
export function csvFile(name: string, lines: AsyncIterable<readonly string[]>): Response {
  const headers = {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': `attachment; filename="${name}"`,
  }
  return new Response(ReadableStream.from(partsOf(lines)), { headers })
}

import type { Token } from '../../../directory/token.ts'
import { connect as texts } from '../../../texts/connect.ts'
import { Copy, Submit } from '../../../ui/action.tsx'
import { at } from '../../../ui/base.ts'
import { Field, Select } from '../../../ui/field.tsx'
import { Note } from '../../../ui/note.tsx'
import type { Asked } from '../../console/asked.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import { createToken } from '../../tokens.ts'

const { token: words, made: madeTexts } = texts

const DEFAULT_DAYS = '365'

/** What was typed of a token that is to be made. */
export interface TypedToken {
  readonly name: string
  readonly days: string
}

export type Made = Awaited<ReturnType<typeof createToken.call>>

/** A name that no token has: that of the newest, with the next number. */
export function freshName(tokens: readonly Token[]): string {
  const newest = tokens.at(-1)?.name
  if (newest === undefined) return words.first
  const base = newest.replace(/ \d+$/, '')
  const taken = new Set(tokens.map(({ name }) => name))
  let number = 2
  while (taken.has(`${base} ${number}`)) number += 1
  return `${base} ${number}`
}

/** Asks for what a new token needs. */
export function TokenForm(props: {
  readonly to: `/${string}`
  readonly typed: TypedToken
  readonly button: string
  readonly faults: Faults | undefined
}) {
  const { to, typed, button, faults } = props
  const fields = faults?.fields ?? {}
  return (
    <form method="post" action={at(to)}>
      <div class="form-grid">
        <Field
          name="name"
          label={words.name}
          value={typed.name}
          hint={words.nameHint}
          fault={fields['name']}
        />
        <Select
          name="days"
          label={words.days}
          value={typed.days === '' ? DEFAULT_DAYS : typed.days}
          options={Object.entries(words.lives).map(([value, label]) => ({ value, label }))}
          fault={fields['expiresInDays']}
        />
      </div>
      <Submit icon="key-round">{button}</Submit>
    </form>
  )
}

/** Makes the token that a form asks for. */
export async function makeToken(
  asked: Asked,
): Promise<{ readonly made: Made } | { readonly faults: Faults; readonly typed: TypedToken }> {
  const typed = { name: asked.sent.text('name'), days: asked.sent.text('days') }
  const days = Object.hasOwn(words.lives, typed.days) ? typed.days : DEFAULT_DAYS
  const body = { name: typed.name, expiresInDays: Number(days) }
  const tried = await attempt(() => createToken.call(asked, { body }))
  return 'made' in tried ? tried : { ...tried, typed }
}

/** A token that was made just now, to be pasted: this once. Of one that renews another Entra knows the address. */
export function Secret({ made, renews }: { readonly made: Made; readonly renews?: boolean }) {
  return (
    <>
      <Note kind="warn">{madeTexts.once}</Note>
      {renews ? null : <Copy label={madeTexts.tenantUrl} value={made.tenantUrl} />}
      <Copy label={madeTexts.secret} value={made.secret} />
    </>
  )
}

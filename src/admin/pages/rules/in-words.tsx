import { rules as texts } from '../../../texts/rules.ts'
import { fromFilter, type Condition } from './conditions.ts'
import { ENTERPRISE_USER_SCHEMA } from '../../../scim/schema/enterprise-user.ts'

function ConditionInWords({ condition }: { readonly condition: Condition }) {
  const { attribute, op, value } = condition
  return (
    <>
      {`${texts.attributes[attribute]} ${texts.ops[op]}`}
      {value === '' ? null : (
        <>
          {' '}
          <q>
            <bdi>{value}</bdi>
          </q>
        </>
      )}
    </>
  )
}

/** Of a rule with many conditions the first so many are said. */
const MOST = 4

/** When a rule matches: in words where there are any, else as its filter. */
export function WhenInWords({ filter }: { readonly filter: string }) {
  const when = fromFilter(filter)
  if (!when) return <code class="brief">{filter}</code>
  if (when.kind === 'everybody') return <>{texts.always}</>
  const join = <strong>{texts.joins[when.kind]}</strong>
  const { conditions } = when
  const said = conditions.length > MOST + 1 ? conditions.slice(0, MOST) : conditions
  const left = conditions.length - said.length
  return (
    <>
      {said.map((condition, index) => (
        <>
          {index === 0 ? null : join}
          <ConditionInWords condition={condition} />
        </>
      ))}
      {left > 0 ? (
        <>
          {join}
          {texts.further(left)}
        </>
      ) : null}
    </>
  )
}

const { reasons } = texts
type Wanted = keyof typeof reasons.wanted

const labels: Readonly<Record<string, string>> = texts.attributes

/** What the directory says of why a filter does not match, as people read it. */
export function reasonInWords(sentence: string): string {
  const short = sentence.replaceAll(`${ENTERPRISE_USER_SCHEMA}:`, '')
  const parts = /^(\S+) (has no value|is .*?)(?:; (\w+) (".*"|\S+) is asked for)?\.$/su.exec(short)
  if (!parts) return short
  const [, name = '', state = '', op, value = ''] = parts
  const label = labels[name] ?? labels[`${name}.value`] ?? name
  const wanted = op !== undefined && op in reasons.wanted ? (op as Wanted) : undefined
  if (wanted === undefined) return op === undefined ? `${label} ${state}.` : short
  return `${label} ${state}; ${reasons.wanted[wanted](value)}.`
}

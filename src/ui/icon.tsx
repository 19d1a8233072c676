import { asset } from './assets.ts'
import { at } from './base.ts'
import type { IconName } from './icons.ts'

/** A drawing that only supports the words beside it. Where there are none, the button or link has a label of its own. */
export function Icon({ name, tone }: { readonly name: IconName; readonly tone?: Tone }) {
  return (
    <svg class={tone === undefined ? 'icon' : `icon is-${tone}`} aria-hidden="true">
      <use href={`${at(asset('icons.svg'))}#${name}`} />
    </svg>
  )
}

/** What a colour says. */
export type Tone = 'good' | 'warn' | 'bad' | 'soft'

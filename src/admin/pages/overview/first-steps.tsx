import { overview } from '../../../texts/overview.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { Panel } from '../../../ui/panel.tsx'

const texts = overview.firstSteps

const steps = [
  { ...texts.connect, href: '/admin/connect' },
  { ...texts.people, href: '/admin/import' },
  { ...texts.access, href: '/admin/groups' },
] as const

/** The way of a new installation to one that people use: the next step stands out. */
export function FirstSteps() {
  return (
    <Panel title={texts.title} about={texts.about} bare>
      <ol class="lines">
        {steps.map(({ title, text, button, href }, index) => (
          <li>
            <span class={index === 0 ? 'step-mark waiting' : 'step-mark'} aria-hidden="true">
              {index + 1}
            </span>
            <div class="words">
              <strong>{title}</strong>
              <small>{text}</small>
            </div>
            <LinkButton href={href} look={index === 0 ? 'main' : 'quiet'} small>
              {button}
            </LinkButton>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

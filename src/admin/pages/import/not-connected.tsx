import { imports } from '../../../texts/imports.ts'
import { LinkButton } from '../../../ui/action.tsx'
import { Empty, Panel } from '../../../ui/panel.tsx'

const { notConnected: texts } = imports

/** What stands where Entra is not connected: the way to do that. */
export function NotConnected() {
  return (
    <Panel bare>
      <Empty icon="plug" title={texts.title} text={texts.text}>
        <LinkButton href="/admin/connect" look="main">
          {texts.button}
        </LinkButton>
      </Empty>
    </Panel>
  )
}

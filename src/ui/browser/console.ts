/** What a page does besides where a script runs: nothing of it is needed to get anything done. */
import { openDialogs } from './dialog.ts'
import { followLive } from './live.ts'
import { pickAll } from './picking.ts'
import { swapRegions } from './swap.ts'
import { pressTyped } from './typed.ts'
import { tellZone } from './zone.ts'

document.documentElement.classList.add('scripted')
tellZone()
followLive(document)
openDialogs()
swapRegions()
pickAll()
pressTyped()

// On a low screen not all of the menu is seen: where one is shall be.
document.querySelector('.side [aria-current]')?.scrollIntoView({ block: 'nearest' })

/** Copies the value of the field that a button names. */
document.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLElement>('[data-copy]')
  const source = button && document.getElementById(button.dataset['copy'] ?? '')
  if (!button || !source) return
  const text = source instanceof HTMLInputElement ? source.value : (source.textContent ?? '')
  const words = button.querySelector('span')
  const before = words?.textContent ?? ''
  // Where the browser does not let the page copy, the text is selected for whoever then does.
  const write = async () => navigator.clipboard.writeText(text)
  void write().then(
    () => {
      if (!words) return
      words.textContent = button.dataset['copied'] ?? ''
      setTimeout(() => (words.textContent = before), 2_000)
    },
    () => {
      if (source instanceof HTMLInputElement) source.select()
    },
  )
})

/** Closes menus that something else than they was clicked beside, or that Escape was pressed in. */
function closeMenus(except: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('[data-menu][open]')) {
    if (!except || !menu.contains(except)) menu.open = false
  }
}
document.addEventListener('click', (event) => closeMenus(event.target as Node))

/** Opens a menu to the other side where the window ends before it does. */
document.addEventListener(
  'toggle',
  ({ target }) => {
    if (!(target instanceof HTMLDetailsElement) || !target.matches('[data-menu][open]')) return
    const end = target.querySelector('.sheet')?.getBoundingClientRect().right ?? 0
    if (end > document.documentElement.clientWidth) target.classList.add('right')
  },
  true,
)
document.addEventListener('keydown', (event) => {
  const active = document.activeElement
  if (event.key === 'Escape') {
    const menu = active?.closest<HTMLDetailsElement>('[data-menu][open]')
    menu?.querySelector('summary')?.focus()
    closeMenus(null)
  }
  const typing = active?.matches('input, select, textarea') ?? false
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    const field = document.querySelector<HTMLInputElement>('main input[type="search"]')
    if (!field) return
    event.preventDefault()
    field.focus()
    field.select()
  }
})

/** A form is sent once, however often its button is pressed. */
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement
  if (event.defaultPrevented || form.method !== 'post') return
  if (form.dataset['sent'] !== undefined) return event.preventDefault()
  // A download leaves the page where it is, and so does what is shown in a frame of it.
  const framed = (event.submitter?.getAttribute('formtarget') ?? '') !== ''
  if (form.dataset['download'] !== undefined || framed) return
  form.dataset['sent'] = ''
  event.submitter?.setAttribute('aria-busy', 'true')
})
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sent]')) {
    delete form.dataset['sent']
    for (const button of form.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy')
  }
})

/** Opens pages that ask for one thing above the page one is on: links marked `data-dialog`. */
export function openDialogs(): void {
  document.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-dialog]')
    if (link) {
      event.preventDefault()
      void open(link)
      return
    }
    const closing = (event.target as Element).closest('dialog [data-close]')
    if (!closing) return
    event.preventDefault()
    closing.closest('dialog')?.close()
  })
}

async function open(link: HTMLAnchorElement): Promise<void> {
  const response = await fetch(link.href, { headers: { Accept: 'text/html' } })
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const asked = page.querySelector('[data-dialog-body]')
  if (!asked || response.redirected) return location.assign(link.href)
  const dialog = document.createElement('dialog')
  const inside = document.createElement('div')
  inside.className = 'inside'
  inside.append(asked)
  dialog.append(inside)
  const heading = inside.querySelector('h1')
  if (heading) {
    heading.id = 'dialog-heading'
    dialog.setAttribute('aria-labelledby', heading.id)
  }
  // A menu that it was opened from is done with.
  const menu = link.closest<HTMLDetailsElement>('[data-menu]')
  if (menu) menu.open = false
  dialog.addEventListener('close', () => {
    dialog.remove()
    ;(menu?.querySelector('summary') ?? link).focus()
  })
  document.body.append(dialog)
  dialog.showModal()
}

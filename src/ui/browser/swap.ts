import { followLive } from './live.ts'

/** So long nothing is asked while somebody types. */
const PAUSE_MILLISECONDS = 150

const HTML = { Accept: 'text/html' }

let asking: AbortController | undefined

/** Asks for a page and puts its part of this id in the place of the one that is seen. */
async function renew(id: string, asked: Request): Promise<void> {
  asking?.abort()
  const mine = (asking = new AbortController())
  const old = document.getElementById(id)
  old?.classList.add('busy')
  try {
    const response = await fetch(asked, { signal: mine.signal })
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const made = page.getElementById(id)
    // Anything else than the page, such as the sign-in, is shown as what it is.
    if (!made || response.redirected) return location.assign(response.url)
    const within = old?.contains(document.activeElement)
    old?.replaceWith(made)
    // Whoever pressed something in it goes on where it was.
    if (within) {
      made.tabIndex = -1
      made.focus({ preventScroll: true })
    }
    if (asked.method === 'GET') history.replaceState(null, '', asked.url)
    followLive(made)
    document.dispatchEvent(new Event('swapped'))
  } catch (error) {
    if (mine.signal.aborted) return
    old?.classList.remove('busy')
    throw error
  }
}

/** What a form asks for; one that is posted says which part of the page it is for. */
function requestOf(form: HTMLFormElement, pressed: HTMLElement | null, id: string): Request {
  const sent = [...new FormData(form, pressed)].filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  )
  if (form.method === 'post') {
    const body = new URLSearchParams([...sent, ['region', id]])
    return new Request(form.action, { method: 'POST', headers: HTML, body })
  }
  const url = new URL(form.action)
  for (const [name, value] of sent) if (value !== '') url.searchParams.append(name, value)
  return new Request(url, { headers: HTML })
}

/** The form, or the part of one, that something happened in, where that renews a part of the page. */
const swapping = (element: Element | null) => element?.closest<HTMLElement>('[data-swap]')

/**
 * Forms marked `data-swap` renew a part of the page as one types or chooses, and so do marked parts and buttons of a
 * form, which do it with all that stands in the form.
 */
export function swapRegions(): void {
  let pause: ReturnType<typeof setTimeout> | undefined

  document.addEventListener('input', (event) => {
    const field = event.target as HTMLInputElement
    const id = swapping(field)?.dataset['swap']
    const { form } = field
    if (id === undefined || !form) return
    clearTimeout(pause)
    pause = setTimeout(() => {
      void renew(id, requestOf(form, null, id))
    }, PAUSE_MILLISECONDS)
  })

  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    const id = swapping(event.submitter ?? form)?.dataset['swap']
    if (id === undefined) return
    event.preventDefault()
    clearTimeout(pause)
    void renew(id, requestOf(form, event.submitter, id))
  })
}

/** So long nothing is done while somebody types. */
const PAUSE_MILLISECONDS = 400

/**
 * A new frame in the place of the one of this name, which is seen until the new one has loaded. What a frame shows first
 * is no step to go back through; all that follows would be.
 */
function renewFrame(name: string): void {
  const frames = [...document.querySelectorAll<HTMLIFrameElement>('iframe')]
  const named = frames.find((frame) => frame.name === name)
  if (!named) return
  // Of one that is still loading, the one before it is seen.
  const seen = named.hidden ? (named.previousElementSibling as HTMLIFrameElement) : named
  if (named.hidden) named.remove()
  const fresh = named.cloneNode() as HTMLIFrameElement
  fresh.removeAttribute('src')
  fresh.hidden = true
  // A frame keeps the name that it was made with, whatever its attribute says.
  if (seen.contentWindow) seen.contentWindow.name = ''
  seen.name = ''
  seen.after(fresh)
  fresh.addEventListener('load', () => {
    fresh.hidden = false
    seen.remove()
  })
}

/** Presses the button of a form that is marked `data-typed` as one types in it: for what is shown in a frame beside it. */
export function pressTyped(): void {
  let pause: ReturnType<typeof setTimeout> | undefined

  document.addEventListener('input', (event) => {
    const form = (event.target as Element).closest('form')
    const button = form?.querySelector<HTMLButtonElement>('[data-typed]')
    if (!form || !button) return
    clearTimeout(pause)
    pause = setTimeout(() => {
      renewFrame(button.formTarget)
      form.requestSubmit(button)
    }, PAUSE_MILLISECONDS)
  })
}

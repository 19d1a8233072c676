/** Renews the parts of a page that the server sends anew. `done` ends it; a part may also lead the page elsewhere. */
export function followLive(within: ParentNode): void {
  for (const part of within.querySelectorAll<HTMLElement>('[data-live]')) {
    const source = new EventSource(part.dataset['live'] ?? '')
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      part.innerHTML = data
    })
    source.addEventListener('add', ({ data }: MessageEvent<string>) => {
      const list = part.querySelector('[data-live-list]')
      list?.insertAdjacentHTML('afterbegin', data)
      const most = Number((list as HTMLElement | null)?.dataset['liveList'] ?? 0)
      while (list && most > 0 && list.children.length > most) list.lastElementChild?.remove()
    })
    source.addEventListener('done', ({ data }: MessageEvent<string>) => {
      source.close()
      if (data !== 'stays') location.reload()
    })
    addEventListener('pagehide', () => source.close(), { once: true })
    // What another part has taken the place of is not renewed any more.
    document.addEventListener('swapped', () => {
      if (!part.isConnected) source.close()
    })
  }
}

/** Boxes of a table: all at once, a range with the shift key, and how many are ticked where that is told. */
export function pickAll(): void {
  let last: HTMLInputElement | undefined

  document.addEventListener('click', (event) => {
    const box = event.target
    if (!(box instanceof HTMLInputElement) || box.type !== 'checkbox') return
    const table = box.closest('table')
    if (!table) return
    const boxes = [...table.querySelectorAll<HTMLInputElement>('tbody .pick input')]
    if (box.dataset['all'] !== undefined) for (const each of boxes) each.checked = box.checked
    else if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other)
      for (const each of boxes.slice(from, (to ?? 0) + 1)) each.checked = box.checked
    }
    if (box.dataset['all'] === undefined) last = box
    tell()
  })

  addEventListener('pageshow', tell)
  document.addEventListener('swapped', tell)
}

/** Ticks the box for all where all are. */
function tickAll(): void {
  for (const all of document.querySelectorAll<HTMLInputElement>('table [data-all]')) {
    const boxes = [
      ...(all.closest('table')?.querySelectorAll<HTMLInputElement>('tbody .pick input') ?? []),
    ]
    all.checked = boxes.length > 0 && boxes.every((box) => box.checked)
  }
}

function tell(): void {
  tickAll()
  for (const place of document.querySelectorAll<HTMLElement>('[data-picked]')) {
    const form = place.closest('form')
    const ticked = form?.querySelectorAll('.pick input[name]:checked').length ?? 0
    // Those who were picked before and are not seen now.
    const others = form?.querySelector<HTMLElement>('[data-others]')?.dataset['others'] ?? 0
    const count = ticked + Number(others)
    place.textContent = String(count)
    const bar = place.closest<HTMLElement>('.bulk, .finish')
    if (!bar) continue
    if (count === 0) bar.dataset['empty'] = ''
    else delete bar.dataset['empty']
  }
}

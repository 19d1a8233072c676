/** Words that many pages share. */
export const common = {
  product: 'Entrance',
  save: 'Save',
  cancel: 'Cancel',
  back: 'Back',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  search: 'Search',
  apply: 'Apply',
  remove: 'Remove',
  undo: 'Undo',
  yes: 'Yes',
  no: 'No',
  never: 'never',
  none: 'none',
  all: 'All',
  more: 'More',
  next: 'Next',
  first: 'First page',
  selectAll: 'Select all on this page',
  select: (what: string) => `Select ${what}`,
  selected: 'selected',
  clear: 'Clear',
  required: 'required',
  optional: 'optional',
  before: 'Before',
  after: 'Now',
  chosen: (count: number) => (count === 1 ? 'One chosen' : `${number(count)} chosen`),
  sorted: { up: 'sorted, smallest first', down: 'sorted, largest first' },
} as const

const numbers = new Intl.NumberFormat('en')

/** A count, in groups of three digits. */
export function number(count: number): string {
  return numbers.format(count)
}

/** A count and the noun that goes with it. */
export function counted(count: number, one: string, many: string): string {
  return `${number(count)} ${count === 1 ? one : many}`
}

/** How many there are: all, or as far as they are counted. */
export type Extent = { readonly total: number } | { readonly atLeast: number }

export function extent(of: Extent): string {
  return 'total' in of ? number(of.total) : `${number(of.atLeast)}+`
}

/** The same with what is counted. */
export function countedExtent(of: Extent, one: string, many: string): string {
  return 'total' in of ? counted(of.total, one, many) : `${extent(of)} ${many}`
}

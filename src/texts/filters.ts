/** Filters that lists of what happened have in common. */
export const filters = {
  between: 'Between two days',
  from: 'From',
  to: 'To',
  custom: (from: string, to: string) =>
    from === '' ? `until ${to}` : to === '' ? `from ${from}` : `${from} to ${to}`,
  about: 'About',
  everything: (name: string) => `Show everything, not only what is about ${name}`,
} as const

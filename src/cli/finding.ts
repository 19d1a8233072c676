/** One thing the doctor looked at: in order, worth knowing, or to be mended. */
export interface Finding {
  readonly mark: '✓' | '!' | '✗'
  readonly text: string
}

export const good = (text: string): Finding => ({ mark: '✓', text })
export const notable = (text: string): Finding => ({ mark: '!', text })
export const bad = (text: string): Finding => ({ mark: '✗', text })

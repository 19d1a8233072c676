/** A door in a wall, as the sign of this product. */
export function Sign() {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      aria-hidden="true"
    >
      <path d="M4 21V4.5A1.5 1.5 0 0 1 5.5 3H14a1.5 1.5 0 0 1 1.5 1.5V21" stroke-linecap="round" />
      <path d="M2.5 21h19" stroke-linecap="round" />
      <path d="M15.5 7.5 20 6v15" stroke-linejoin="round" />
      <circle cx="12" cy="12.5" r="1" fill="currentColor" stroke="none" />
    </svg>
  )
}

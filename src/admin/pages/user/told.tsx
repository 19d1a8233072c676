import { Time } from '../../../ui/time.tsx'

/** A sentence with the times in it as the reader tells them. */
export function Told({ sentence }: { readonly sentence: string }) {
  const parts = sentence.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/)
  return (
    <>{parts.map((part, index) => (index % 2 === 1 ? <Time at={part} as="minute" /> : part))}</>
  )
}

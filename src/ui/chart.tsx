export interface Bar {
  /** Below the bar; empty for most. */
  readonly label: string
  readonly good: number
  readonly bad: number
  /** In words, for whoever hovers over it. */
  readonly title: string
}

const WIDTH = 480
const HEIGHT = 80

/** Bars side by side, what is bad of each at its foot. `label` says in words what the chart shows. */
export function Bars({ bars, label }: { readonly bars: readonly Bar[]; readonly label: string }) {
  const most = Math.max(1, ...bars.map(({ good, bad }) => good + bad))
  const step = WIDTH / Math.max(bars.length, 1)
  const tall = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * (HEIGHT - 4)))
  return (
    <div class="chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {bars.map(({ good, bad, title }, index) => {
          const x = index * step + step * 0.15
          const foot = tall(bad)
          return (
            <g>
              <title>{title}</title>
              <rect x={index * step} y="0" width={step} height={HEIGHT} fill="transparent" />
              <rect
                class="bar"
                x={x}
                y={HEIGHT - foot - tall(good)}
                width={step * 0.7}
                height={tall(good)}
              />
              <rect class="bar bad" x={x} y={HEIGHT - foot} width={step * 0.7} height={foot} />
            </g>
          )
        })}
      </svg>
      <div class="axis" aria-hidden="true">
        {bars.map(({ label }) => (
          <span>{label}</span>
        ))}
      </div>
    </div>
  )
}

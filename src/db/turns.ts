/** Items that are worked on before others get a turn. */
const AT_A_TIME = 50

/** Lets others have a turn. */
export const pause = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Runs `work` for all of these, one after the other, and lets others have a turn now and then. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) {
    results.push(await work(item))
    if (results.length % AT_A_TIME === 0) await pause()
  }
  return results
}

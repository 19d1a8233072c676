import { readFileSync, writeFileSync } from 'node:fs'
import type { Measured } from './results.ts'

/** What Linux says a process has used; undefined elsewhere. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Linux counts in hundredths of a second for programs, whatever its kernel does. */
const MICROSECONDS_PER_TICK = 10_000

/** User and system time of all threads so far, in microseconds; and that of processes it started that have ended. */
function times(pid: number): { own: number; ended: number } | undefined {
  const text = read(`/proc/${pid}/stat`)
  // The name of the program stands in brackets and may hold blanks.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  if (!fields) return undefined
  const ticks = (index: number) => Number(fields[index]) * MICROSECONDS_PER_TICK
  return { own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) }
}

function cpuTime(pid: number): number | undefined {
  return times(pid)?.own
}

/** The processes that a process has started and that still run. */
export function childrenOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`)?.trim() ?? ''
  return text === '' ? [] : text.split(' ').map(Number)
}

/** The time of a process and of those it started. */
function familyCpuTime(pid: number): number | undefined {
  const parent = times(pid)
  if (!parent) return undefined
  const running = childrenOf(pid).reduce((sum, child) => sum + (times(child)?.own ?? 0), 0)
  return parent.own + parent.ended + running
}

function statusBytes(pid: number, name: string): number | undefined {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(
    read(`/proc/${pid}/status`) ?? '',
  )?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

export const residentMemory = (pid: number): number | undefined => statusBytes(pid, 'VmRSS')
export const peakMemory = (pid: number): number | undefined => statusBytes(pid, 'VmHWM')

/** Makes the peak start over from what is resident now, where the system lets us. */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // The peak is then the one since the process started.
  }
}

/** Starts a clock of what a server and its database use; it tells the time of each per request. */
export function processorClock(pid: number, databasePid?: number) {
  const read = () => ({
    cpu: cpuTime(pid),
    databaseCpu: databasePid === undefined ? undefined : familyCpuTime(databasePid),
  })
  const before = read()
  return (requests: number): Pick<Measured, 'cpu' | 'databaseCpu'> => {
    const after = read()
    const each = (name: 'cpu' | 'databaseCpu') => {
      const [from, to] = [before[name], after[name]]
      return from === undefined || to === undefined || requests === 0
        ? {}
        : { [name]: (to - from) / requests }
    }
    return { ...each('cpu'), ...each('databaseCpu') }
  }
}

import { readFileSync, writeFileSync } from 'node:fs'

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

/** User and system time of all threads so far, in microseconds. */
export function cpuTime(pid: number): number | undefined {
  const text = read(`/proc/${pid}/stat`)
  // The name of the program stands in brackets and may hold blanks.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  if (!fields) return undefined
  return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK
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

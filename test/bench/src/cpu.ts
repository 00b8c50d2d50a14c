/** CPU time of processes, by /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Jiffies of /proc a second: 100 on every Linux of today. */
export const TICKS_A_SECOND = 100;

/** CPU seconds of the processes and all that descends from them, those already gone included. */
export function cpuSeconds(roots: readonly number[]): number {
  const all = processes();
  const wanted = new Set(roots);
  for (let grew = true; grew; ) {
    grew = false;
    for (const entry of all) {
      if (wanted.has(entry.parent) && !wanted.has(entry.pid)) grew = !!wanted.add(entry.pid);
    }
  }
  return all.filter((entry) => wanted.has(entry.pid)).reduce((sum, entry) => sum + entry.ticks, 0) / TICKS_A_SECOND;
}

function processes(): { pid: number; parent: number; ticks: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const fields = statFields(name);
      if (!fields) return [];
      // After the name: state, parent, … utime, stime, cutime, cstime are fields 14 to 17 of proc(5).
      return [{ pid: Number(name), parent: Number(fields[1]), ticks: [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) }];
    });
}

/** Fields of /proc/<pid>/stat after the name; undefined when the process is gone. */
export function statFields(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

import { readdirSync, readFileSync } from 'node:fs';

/** One process as /proc tells it. Times are CPU milliseconds, those of children it has waited for included (fping's, for one). */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** USER_HZ is 100 on every Linux that Node runs on; a page is 4 KiB on the two architectures we serve. */
const TICK_MS = 10;
const PAGE = 4096;

function facts(pid: number): ProcessFacts | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields after the command name, which may itself hold spaces and brackets; [0] is field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const number = (field: number) => Number(fields[field - 3]);
    return {
      pid,
      parent: number(4),
      command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
      cpuMs: (number(14) + number(15) + number(16) + number(17)) * TICK_MS,
      residentBytes: number(24) * PAGE,
    };
  } catch {
    return null; // it has ended meanwhile
  }
}

/** Every process that descends from `root`, itself included. */
export function descendants(root: number): ProcessFacts[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (facts(Number(name)) ?? []) : []));
  const children = new Map<number, ProcessFacts[]>();
  for (const each of all) {
    const known = children.get(each.parent);
    if (known === undefined) children.set(each.parent, [each]);
    else known.push(each);
  }
  const found: ProcessFacts[] = [];
  const visit = (each: ProcessFacts) => {
    found.push(each);
    for (const child of children.get(each.pid) ?? []) visit(child);
  };
  for (const each of all) if (each.pid === root) visit(each);
  return found;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return facts(pid) !== null && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** Audit rows that the database would not take, one JSON object a line, until it does: a crash meanwhile loses none of them. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import type { AuditEntry } from '@beacontower/database';
import { z } from 'zod';

const Line = z.strictObject({
  at: z.number().int(),
  actor: z.string(),
  source: z.string().nullable(),
  action: z.string(),
  object: z.string(),
  result: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

/** Appends a row, and returns when it is on the disk. */
export function keepWaiting(path: string, entry: AuditEntry): void {
  const file = openSync(path, 'a', 0o600);
  try {
    writeSync(file, `${JSON.stringify(entry)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** What waits from before; what a crash left half written is left out. */
export function readWaiting(path: string): AuditEntry[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return Line.parse(JSON.parse(line));
      } catch {
        return [];
      }
    });
}

/** All of them are in the database. */
export function forgetWaiting(path: string): void {
  rmSync(path, { force: true });
}

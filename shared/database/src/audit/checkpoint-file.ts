/**
 * The checkpoints once more, outside the database: who can change the database but not this file cannot cut the newest rows off
 * unseen. One JSON object a line.
 */
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AuditCheckpoint } from './checkpoints.ts';

const Line = z.strictObject({
  sequence: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.number().int(),
  keyId: z.string(),
  signature: z.string(),
});

/** Where the file is in a data directory. */
export function checkpointFile(dataDirectory: string): string {
  return join(dataDirectory, 'audit-checkpoints.jsonl');
}

/** Appends one, and waits until it is on the disk. */
export function appendCheckpoint(path: string, checkpoint: AuditCheckpoint): void {
  const isNew = !existsSync(path);
  const file = openSync(path, 'a', 0o600);
  try {
    // What a crash left half written must not swallow the line behind it.
    const torn = !isNew && !readFileSync(path).subarray(-1).equals(Buffer.from('\n')) && readFileSync(path).length > 0;
    writeSync(file, `${torn ? '\n' : ''}${JSON.stringify(checkpoint)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (isNew) chmodSync(path, 0o600);
}

/** What the file holds; lines that are none (a crash in the midst of one) are counted. A file that is not there holds nothing. */
export function readCheckpoints(path: string): { checkpoints: AuditCheckpoint[]; unreadable: number } {
  if (!existsSync(path)) return { checkpoints: [], unreadable: 0 };
  const parsed = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
  const checkpoints = parsed.filter((each) => each !== undefined);
  return { checkpoints, unreadable: parsed.length - checkpoints.length };
}

function parseLine(line: string): AuditCheckpoint | undefined {
  try {
    return Line.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeExport } from './exporting.ts';

describe('the file of an export', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bt-export-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is whole when two are made under one name at a time; the second is refused', async () => {
    const file = join(directory, 'a.csv');
    let goOn: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = writeExport(file, async (temporary) => {
      writeFileSync(temporary, 'slow');
      await waits;
      return 1;
    });
    const quick = writeExport(file, async (temporary) => {
      writeFileSync(temporary, 'quick');
      return 1;
    });
    expect(await quick).toEqual({ rows: 1, bytes: 5 });
    goOn();
    await expect(slow).rejects.toThrow('made by somebody else');
    expect(readFileSync(file, 'utf8')).toBe('quick');
    expect(readdirSync(directory)).toEqual(['a.csv']);
  });

  it('does not suffer from another one that fails', async () => {
    const file = join(directory, 'a.csv');
    const good = writeExport(file, async (temporary) => {
      writeFileSync(temporary, 'good');
      await expect(writeExport(file, () => Promise.reject(new Error('no space left on device')))).rejects.toThrow('no space left there');
      return 1;
    });
    expect(await good).toEqual({ rows: 1, bytes: 4 });
  });
});

import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { UserError } from '@beacontower/runtime';

/**
 * Writes an export under a temporary name beside its file and gives it its name when it is whole. `copy` gets that name and
 * resolves with the number of rows. An existing file is refused.
 */
export async function writeExport(file: string, copy: (temporary: string) => Promise<number>): Promise<{ rows: number; bytes: number }> {
  if (!isAbsolute(file)) throw new UserError(`${file} is not an absolute path`);
  if (existsSync(file)) throw new UserError(`${file} exists; name another file, or remove it first`);
  if (!statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory()) throw new UserError(`there is no directory ${dirname(file)}`);
  // Two exports to one file at a time must not write into, or take away, each other's.
  const temporary = `${file}.partial-${randomUUID().slice(0, 8)}`;
  try {
    const rows = await copy(temporary);
    if (rows === 0) throw new UserError('no samples are kept of that period (and of those checks)');
    if (existsSync(file)) throw new UserError(`${file} was made by somebody else in the meantime`);
    renameSync(temporary, file);
    return { rows, bytes: statSync(file).size };
  } catch (error) {
    if (error instanceof Error && /permission denied|read-only/i.test(error.message)) {
      throw new UserError(`${file} cannot be written: this user may not write in ${dirname(file)}`, { cause: error });
    }
    if (error instanceof Error && /no space left/i.test(error.message))
      throw new UserError(`${file} cannot be written: no space left there`, { cause: error });
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

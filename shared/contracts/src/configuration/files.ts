/** Which files a path means, and their bytes. The only part of the configuration that touches the disk. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from './document.ts';
import { MAX_BYTES } from './document-complaints.ts';
import { type Fault, text } from './fault.ts';

export interface FilesRead {
  readonly files: readonly SourceFile[];
  readonly faults: readonly Fault[];
}

/** Reads files, and of directories every *.yaml and *.yml (not deeper), by name. What cannot be read is a fault. */
export async function readConfigurationFiles(paths: readonly string[]): Promise<FilesRead> {
  const files: SourceFile[] = [];
  const faults: Fault[] = [];
  for (const path of paths) {
    try {
      const names = (await stat(path)).isDirectory() ? await yamlFilesOf(path) : [path];
      if (names.length === 0)
        faults.push(unreadable(path, text('the directory holds no *.yaml or *.yml file', '目录中没有 *.yaml 或 *.yml 文件')));
      for (const name of names) files.push({ name, bytes: await readBounded(name) });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
      faults.push(unreadable(path, text(`the file cannot be read (${code})`, `无法读取文件（${code}）`)));
    }
  }
  return { files, faults };
}

/** Lists of holidays that come with the software, wherever it was started from; a directory beside `shared`, in a checkout and in the image. */
const SHIPPED_HOLIDAYS = fileURLToPath(new URL('../../../../config/calendars/', import.meta.url));

/** The files of the lists of holidays that come with the software. One that cannot be read is a fault; none is not. */
export function readShippedHolidays(): Promise<FilesRead> {
  return readConfigurationFiles([SHIPPED_HOLIDAYS]);
}

async function yamlFilesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && /^[^.].*\.ya?ml$/.test(entry.name))
    .map((entry) => join(directory, entry.name))
    .sort();
}

/** One byte past the limit is enough for the check to say that it is too large. */
async function readBounded(name: string): Promise<Uint8Array> {
  const handle = await open(name, 'r');
  try {
    const { size } = await handle.stat();
    if (size > MAX_BYTES) return new Uint8Array(MAX_BYTES + 1);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function unreadable(file: string, problem: Fault['problem']): Fault {
  return {
    severity: 'error',
    code: 'unreadable',
    file,
    line: 1,
    column: 1,
    path: '',
    problem,
    found: null,
    expected: text('a YAML file, or a directory of them, that this user may read', '当前用户可读的 YAML 文件或其目录'),
  };
}

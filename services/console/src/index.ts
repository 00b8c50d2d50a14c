import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SECTIONS } from './sections.ts';

/** Where the built pages lie, and which addresses are theirs; null when they were not built. */
export function consoleFiles(): { directory: string; sections: readonly string[] } | null {
  const directory = fileURLToPath(new URL('../dist/web', import.meta.url));
  return existsSync(`${directory}/index.html`) ? { directory, sections: SECTIONS } : null;
}

import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate';

/** The earliest day a ZIP archive can write. */
const ZIP_DAY = new Date(1980, 0, 1);
const CORE = 'docProps/core.xml';

/** The document with `at` as the time it was made, in place of the moment the library wrote it. */
export function withDates(document: Uint8Array, at: number): Uint8Array {
  const files = unzipSync(document);
  const core = files[CORE];
  if (core) {
    const time = new Date(at).toISOString().replace(/\.\d+Z$/u, 'Z');
    files[CORE] = strToU8(strFromU8(core).replace(/(<dcterms:(?:created|modified)[^>]*>)[^<]*/gu, `$1${time}`));
  }
  const dated: Zippable = Object.fromEntries(
    Object.entries(files).map(([name, data]) => [name, [data, { mtime: ZIP_DAY, level: name.endsWith('.png') ? 0 : 6 }]]),
  );
  return zipSync(dated);
}

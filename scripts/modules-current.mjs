// Exit code 0 when node_modules holds what the lock file says, 1 when not. Packages for other systems may be missing.
import { readFileSync } from 'node:fs';

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

const wanted = packagesOf('package-lock.json') ?? {};
const installed = packagesOf('node_modules/.package-lock.json');
const isCurrent =
  installed !== undefined &&
  Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    return found === undefined ? entry.optional === true || entry.devOptional === true : found.version === entry.version;
  });
process.exitCode = isCurrent ? 0 : 1;

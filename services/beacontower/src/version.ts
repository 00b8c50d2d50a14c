import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

export const VERSION = manifest.version;

/** The configuration that a first start without any uses; it watches this machine. */
export const DEFAULT_CONFIGURATION = fileURLToPath(new URL('../../../config/default/', import.meta.url));

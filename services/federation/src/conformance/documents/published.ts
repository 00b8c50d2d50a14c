import { z } from 'zod';
import { MESSAGES } from './messages.ts';
import { openApi } from './openapi.ts';

/** Files under `docs/federation` that are made of the code, by their paths there. */
export function publishedDocuments(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [name, schema] of Object.entries(MESSAGES)) {
    files.set(`schema/${name}.json`, text(z.toJSONSchema(schema, { io: 'input' })));
  }
  return files.set('openapi.json', text(openApi()));
}

const text = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

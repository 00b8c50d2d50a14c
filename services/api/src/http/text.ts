import type { FieldError } from '@beacontower/contracts';
import type { App } from '../context.ts';
import { badField } from './problem.ts';

/** NUL, and half of a surrogate pair: PostgreSQL holds neither, and nobody means them. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** Refuses text that cannot be stored, wherever it stands, before anything is done with it. */
export function registerText(app: App): void {
  app.addHook('preValidation', async (request) => {
    const places: readonly [FieldError['in'], unknown][] = [
      ['path', request.params],
      ['query', request.query],
      ['body', request.body],
    ];
    for (const [place, value] of places) {
      const path = unstorable(value);
      if (path === undefined) continue;
      throw badField(
        place,
        path.join('.') || place,
        'holds a character that cannot be stored',
        'text without NUL and without half characters',
      );
    }
  });
}

/** Where such text stands; undefined when nowhere. */
function unstorable(value: unknown): string[] | undefined {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    if (UNSTORABLE.test(key)) return ['(a name of a field)'];
    const path = unstorable(item);
    if (path) return [key, ...path];
  }
  return undefined;
}

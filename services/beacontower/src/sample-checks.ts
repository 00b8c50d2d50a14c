import { UserError } from '@beacontower/runtime';
import { objectOf } from './sample-store.ts';

/** Check id → key, of every check there ever was. */
export type CheckNames = ReadonlyMap<string, number>;

/** What the ids of the checks that have such samples end with. */
const ENDINGS = { interfaces: /\/(status|end1|end2)$/, icmp: /\/icmp[46]$/ } as const;

/**
 * The checks of the wanted objects (null: of all) and the object of each, for an export. A device's interfaces are its own. Throws a
 * `UserError` for an object that has no such samples.
 */
export function selectChecks(
  known: CheckNames,
  samples: keyof typeof ENDINGS,
  wanted: readonly string[],
): { checks: number[] | null; objects: Record<string, string> } {
  const sampled = [...known].filter(([id]) => ENDINGS[samples].test(id)).map(([id, key]) => ({ object: objectOf(id), key }));
  if (wanted.length === 0) return { checks: null, objects: objectsOf(sampled) };
  const found = wanted.flatMap((object) => {
    const own = sampled.filter((check) => check.object === object || (samples === 'interfaces' && check.object.startsWith(`${object}/`)));
    if (own.length === 0)
      throw new UserError(`--object "${object}": there is no such object with ${samples} samples; ids look like node:name`);
    return own;
  });
  return { checks: [...new Set(found.map(({ key }) => key))], objects: objectsOf(found) };
}

function objectsOf(checks: readonly { readonly object: string; readonly key: number }[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ object, key }) => [key, object]));
}

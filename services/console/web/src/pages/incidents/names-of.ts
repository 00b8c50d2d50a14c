import type { IncidentDetail } from '@beacontower/contracts';
import type { Language } from '../../i18n/language.tsx';
import { nameOf } from '../../i18n/name-of.ts';

/** What the objects an incident speaks of are called: those that were in it, and those that it cut off or left without redundancy. */
export function namesOf({ objects, blast }: Pick<IncidentDetail, 'objects' | 'blast'>, language: Language): ReadonlyMap<string, string> {
  const named = [...objects, ...(blast?.lost.named ?? []), ...(blast?.redundancy.named ?? [])];
  return new Map(named.flatMap(({ id, name, nameEn }) => (name === null ? [] : [[id, nameOf({ name, nameEn }, language)] as const])));
}

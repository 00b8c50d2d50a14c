import type { Directory } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLanguage } from '../i18n/language.tsx';
import { get } from './client.ts';
import { useSession } from './session.tsx';

/** What ids are called, and by which names the one who looks may be called. Until it is read, ids stand for themselves. */
export interface Names {
  readonly me: ReadonlySet<string>;
  readonly directory: Directory | null;
  readonly division: (path: string) => string;
  readonly party: (id: string) => string;
  readonly person: (name: string) => string;
}

export function useNames(): Names {
  const { name } = useSession();
  const { language } = useLanguage();
  const { data } = useQuery({
    queryKey: ['/directory'],
    queryFn: ({ signal }) => get<Directory>('/directory', {}, signal),
    staleTime: 300_000,
  });
  return useMemo(() => {
    const directory = data ?? null;
    const word = (one: { name: string; nameEn: string | null }) => (language === 'en' ? (one.nameEn ?? one.name) : one.name);
    const divisions = new Map(directory?.divisions.map((one) => [one.id, word(one)]));
    const parties = new Map(directory?.parties.map((one) => [one.id, word(one)]));
    const people = new Map([
      ...(directory?.accounts.map((one): [string, string] => [one.name, one.displayName]) ?? []),
      ...(directory?.contacts.map((one): [string, string] => [one.id, one.name]) ?? []),
    ]);
    const of = (names: ReadonlyMap<string, string>) => (id: string) => names.get(id) ?? id;
    return { me: new Set([name, ...(directory?.me ?? [])]), directory, division: of(divisions), party: of(parties), person: of(people) };
  }, [data, language, name]);
}

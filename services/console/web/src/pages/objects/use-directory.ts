import type { Directory } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { get } from '../../api/client.ts';
import { useLanguage } from '../../i18n/language.tsx';
import { divisionName, type Names, NO_NAMES } from './division-name.ts';

/** What divisions and parties are called in the language that is shown; the identifier itself where no name is known. */
export function useDirectory(): { readonly division: (path: string) => string; readonly party: (id: string) => string } {
  const { language } = useLanguage();
  const { data } = useQuery({
    queryKey: ['/directory'],
    queryFn: ({ signal }) => get<Directory>('/directory', {}, signal),
    staleTime: 600_000,
    refetchOnWindowFocus: false,
  });
  return useMemo(() => {
    const divisions = data ? namesOf(data.divisions) : NO_NAMES;
    const parties = data ? namesOf(data.parties) : NO_NAMES;
    return {
      division: (path: string) => divisionName(path, divisions, language),
      party: (id: string) => {
        const names = parties.get(id);
        return names === undefined ? id : language === 'en' ? (names.en ?? names.zh) : names.zh;
      },
    };
  }, [data, language]);
}

function namesOf(items: Directory['divisions']): ReadonlyMap<string, Names> {
  return new Map(items.map(({ id, name, nameEn }) => [id, { zh: name, en: nameEn }]));
}

import type { Wall } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { get } from '../../api/client.ts';
import { useLanguage } from '../../i18n/language.tsx';

/** What to call a division: the name of a province and what lies below it by its path; the path alone where no name is known. */
export function useDivisionName(): (path: string) => string {
  const { language } = useLanguage();
  const { data } = useQuery({
    queryKey: ['/wall', 'division names'],
    queryFn: ({ signal }) => get<Wall>('/wall', {}, signal),
    select: namesOf,
    staleTime: 3_600_000,
    retry: false,
    refetchOnWindowFocus: false,
  });
  return useCallback((path: string) => divisionName(path, data ?? NO_NAMES, language), [data, language]);
}

interface Names {
  readonly zh: string;
  readonly en: string | null;
}
const NO_NAMES: ReadonlyMap<string, Names> = new Map();

function namesOf({ tiles }: Wall): ReadonlyMap<string, Names> {
  return new Map(tiles.map(({ division, name, nameEn }) => [division, { zh: name, en: nameEn }]));
}

function divisionName(path: string, names: ReadonlyMap<string, Names>, language: 'zh' | 'en'): string {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const found = names.get(path.slice(0, end));
    if (!found) continue;
    const rest = path.slice(end + 1).replaceAll('.', ' / ');
    const name = language === 'en' ? (found.en ?? found.zh) : found.zh;
    return rest === '' ? name : `${name} / ${rest}`;
  }
  return path;
}

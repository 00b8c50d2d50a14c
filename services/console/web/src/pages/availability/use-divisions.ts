import type { Wall } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client.ts';
import { useLanguage } from '../../i18n/language.tsx';

/** A province with its name in the language that is shown. */
export interface NamedDivision {
  readonly division: string;
  readonly name: string;
}

const NONE: readonly NamedDivision[] = [];

/** The provinces that somebody may see; the wall knows them. */
export function useDivisions(): readonly NamedDivision[] {
  const { language } = useLanguage();
  const { data } = useQuery({
    queryKey: ['/wall', 'divisions'],
    queryFn: async ({ signal }) =>
      (await get<Wall>('/wall', {}, signal)).tiles.map(({ division, name, nameEn }) => ({ division, name, nameEn })),
    staleTime: 600_000,
  });
  return data?.map(({ division, name, nameEn }) => ({ division, name: language === 'en' ? (nameEn ?? name) : name })) ?? NONE;
}

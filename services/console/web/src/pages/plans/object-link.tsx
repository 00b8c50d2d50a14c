import type { ObjectDetail } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../../api/client.ts';
import { useLanguage } from '../../i18n/language.tsx';

/** An object by its name, leading to its page; by its id until the name is read, and where it may not be. */
export function ObjectLink({ id }: { id: string }) {
  const { language } = useLanguage();
  const path = `/objects/${encodeURIComponent(id)}`;
  const { data } = useQuery({
    queryKey: ['/objects', id],
    queryFn: ({ signal }) => get<ObjectDetail>(path, {}, signal),
    staleTime: 300_000,
  });
  const english = language === 'en' ? data?.attributes.nameEn : undefined;
  return (
    <Link to={path} title={id}>
      {english ?? data?.name ?? id}
    </Link>
  );
}

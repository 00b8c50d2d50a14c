import type { ObjectDetail } from '@beacontower/contracts';
import { useLanguage } from '../../i18n/language.tsx';

/** What the object is called in the language that is shown; its own name where nobody wrote an English one. */
export function useObjectName({ name, attributes: { nameEn } }: Pick<ObjectDetail, 'name' | 'attributes'>): string {
  const { language } = useLanguage();
  return language === 'en' ? (nameEn ?? name) : name;
}

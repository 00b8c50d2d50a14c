import type { Language } from './language.tsx';

/** The name of an objective in the language that is shown; not all have an English one. */
export function nameOf({ name, nameEn }: { readonly name: string; readonly nameEn: string | null }, language: Language): string {
  return language === 'en' && nameEn !== null ? nameEn : name;
}

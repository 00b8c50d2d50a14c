import { type Language, useLanguage } from './language.tsx';

/** Something with a name; not everything has an English one. */
export interface Named {
  readonly name: string;
  readonly nameEn: string | null;
}

/** An incident by what its title says; null: its title reads as it is in either language. */
export interface Titled {
  readonly title: string;
  readonly titles: Readonly<Record<Language, string>> | null;
}

/** The name in a language: the other where there is none in English. */
export function nameOf({ name, nameEn }: Named, language: Language): string {
  return language === 'en' && nameEn !== null ? nameEn : name;
}

/** The title of an incident in a language. */
export function titleOf({ title, titles }: Titled, language: Language): string {
  return titles?.[language] ?? title;
}

/** Names and titles in the language that is shown. */
export function useNaming(): { readonly nameOf: (named: Named) => string; readonly titleOf: (incident: Titled) => string } {
  const { language } = useLanguage();
  return { nameOf: (named) => nameOf(named, language), titleOf: (incident) => titleOf(incident, language) };
}

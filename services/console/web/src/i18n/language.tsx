import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

export type Language = 'zh' | 'en';
const KEPT = 'beacontower.language';

interface Held {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}
const Context = createContext<Held | null>(null);

/** Chinese first; English a click away, and kept. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => (localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh'));
  useEffect(() => {
    localStorage.setItem(KEPT, language);
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  const held = useMemo(() => ({ language, setLanguage }), [language]);
  return <Context.Provider value={held}>{children}</Context.Provider>;
}

export function useLanguage(): Held {
  const held = useContext(Context);
  if (held === null) throw new TypeError('outside of the language provider');
  return held;
}

/** Words in both languages: the same keys, a text or what makes one. Each page has its own beside it. */
export interface Words<T> {
  readonly zh: T;
  readonly en: T;
}
type Loose<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...given: infer A) => string
      ? (...given: A) => string
      : T[K] extends object
        ? Loose<T[K]>
        : T[K];
};

/** Declares words: English must have just the keys of Chinese. */
export function defineWords<const T extends object>(words: { zh: T; en: Loose<T> }): Words<Loose<T>> {
  return words as unknown as Words<Loose<T>>;
}

/** The words of the language that is shown. */
export function useWords<T>(words: Words<T>): T {
  return words[useLanguage().language];
}

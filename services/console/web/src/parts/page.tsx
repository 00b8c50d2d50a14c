import { type ReactNode, useEffect } from 'react';
import { useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import './page.css';

/** One page: its heading (the document's title too), what one may do on the whole of it, and its content. */
export function Page({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const { product } = useWords(COMMON);
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
  return (
    <section className="page" aria-labelledby="page-title">
      <header className="page-head">
        <h1 id="page-title">{title}</h1>
        <div className="page-actions">{actions}</div>
      </header>
      {children}
    </section>
  );
}

import { useEffect, useMemo, useState } from 'react';
import { type Language, useLanguage } from '../../i18n/language.tsx';
import { type IndexStore, namesIn } from './index-store.ts';

interface Ranked {
  readonly names: readonly string[];
  readonly language: Language;
  readonly rank: Uint32Array;
}

/** The place of every object by its name, worked out beside the page; null until it is known. */
export function useNameRank(store: IndexStore | undefined): Uint32Array | null {
  const { language } = useLanguage();
  const [ranked, setRanked] = useState<Ranked | null>(null);
  const names = useMemo(() => (store === undefined ? undefined : namesIn(store, language)), [store, language]);
  useEffect(() => {
    if (names === undefined) return;
    const worker = new Worker(new URL('./rank-names.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Uint32Array>) => {
      setRanked({ names, language, rank: data });
      worker.terminate();
    };
    worker.postMessage({ names, language: language === 'zh' ? 'zh-CN' : 'en' });
    return () => worker.terminate();
  }, [names, language]);
  return ranked !== null && ranked.names === names && ranked.language === language ? ranked.rank : null;
}

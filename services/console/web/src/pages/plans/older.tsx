import { useWords } from '../../i18n/language.tsx';
import { PLANS } from './words.ts';

interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
}

/** The way to what is older, while there is any. */
export function Older({ found }: { found: Paged }) {
  const words = useWords(PLANS);
  if (!found.hasNextPage) return null;
  return (
    <div className="queue-more">
      <button type="button" className="button" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
        {words.older}
      </button>
    </div>
  );
}

import type { NodeLink } from '@beacontower/contracts';
import { useWords } from '../../i18n/language.tsx';
import { Since } from '../../parts/since.tsx';
import { NODES } from './words.ts';

const LOOKS = {
  heard: ['good', '●'],
  'catching-up': ['warn', '↻'],
  silent: ['bad', '✕'],
  awaited: ['off', '◌'],
  removed: ['off', '–'],
} as const satisfies Record<NodeLink['state'], readonly [string, string]>;

/** How a link stands, as a sign and a word; of one that is silent since when, of one that catches up how much is to come. */
export function LinkTag({ link }: { link: Pick<NodeLink, 'state' | 'silentSince' | 'log'> }) {
  const words = useWords(NODES);
  const [look, mark] = LOOKS[link.state];
  return (
    <span className="tags">
      <span className={`tag ${look}`}>
        <span aria-hidden="true">{mark}</span>
        {words.states[link.state]}
      </span>
      {link.state === 'silent' ? <Since at={link.silentSince} /> : null}
      {link.state === 'catching-up' && link.log.behind !== null ? <span className="soft">{words.behind(link.log.behind)}</span> : null}
    </span>
  );
}

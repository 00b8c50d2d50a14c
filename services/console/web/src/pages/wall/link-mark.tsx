import type { WallTile } from '@beacontower/contracts';
import { useWords } from '../../i18n/language.tsx';
import { WALL } from './words.ts';

/** On a tile, as a sign: that the node of the province is not heard, or is still telling what was; nothing while all is well. */
export function LinkMark({ link }: { link: WallTile['link'] }) {
  const words = useWords(WALL);
  if (link === null || (link.state !== 'silent' && link.state !== 'catching-up')) return null;
  return (
    <span className="tile-link" title={words.links[link.state]}>
      <span aria-hidden="true">{link.state === 'silent' ? '⚠' : '↻'}</span>
      <span className="unseen">{words.links[link.state]}</span>
    </span>
  );
}

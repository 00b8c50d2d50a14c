import type { WallTile } from '@beacontower/contracts';
import { useWords } from '../../i18n/language.tsx';
import { Since } from '../../parts/since.tsx';
import { WALL } from './words.ts';

/** On a tile: that the node of the province is not heard, or is still telling what was; nothing while all is well. */
export function LinkMark({ link }: { link: WallTile['link'] }) {
  const words = useWords(WALL);
  if (link === null || (link.state !== 'silent' && link.state !== 'catching-up')) return null;
  return (
    <span className={`tile-link tile-link-${link.state}`}>
      <span aria-hidden="true">{link.state === 'silent' ? '⚠' : '↻'}</span>
      {words.links[link.state]}
      {link.since === null ? null : (
        <>
          {' '}
          <Since at={link.since} short />
        </>
      )}
    </span>
  );
}

import type { Wall } from '@beacontower/contracts';
import { Link } from 'react-router';
import { clockOffset } from '../../api/clock.ts';
import { useLiveStatus } from '../../api/live.tsx';
import { useSession } from '../../api/session.tsx';
import { formatDuration, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { type Freshness, judgeFreshness } from '../../parts/freshness.ts';
import { useNow } from '../../parts/use-now.ts';
import { WALL } from './words.ts';

/** Whether what is shown is what is, judged anew each second. */
export function useFreshness(wall: Wall | undefined, failed: boolean): Freshness | null {
  const now = useNow();
  const live = useLiveStatus();
  return wall === undefined ? null : judgeFreshness({ wall, now, failed, live });
}

/** The clock in the node's zone, and how fresh what is shown is. */
export function Status({ wall, freshness }: { wall: Wall; freshness: Freshness }) {
  const words = useWords(WALL);
  const { language } = useLanguage();
  const { node } = useSession();
  const now = useNow();
  const { critical, warning } = wall.freshness.findings;
  const time = formatTime(now, node.timeZone);
  const asOf =
    freshness.asOf === null ? words.never : formatTime(freshness.asOf, node.timeZone, now - freshness.asOf > 43_200_000 ? 'full' : 'clock');
  return (
    <div className="wall-status">
      <div className="wall-words">
        {freshness.reason === null ? (
          <span className="wall-fresh">
            <span className="wall-live-dot" aria-hidden="true" />
            {words.live} · {words.upTo} <span className="figures">{asOf}</span>
          </span>
        ) : (
          <strong className="wall-stale" role="alert">
            {words.stale[freshness.reason]} · {words.asOf(asOf)}
          </strong>
        )}
        {critical + warning > 0 ? (
          <Link to="/health" className={critical > 0 ? 'wall-self critical' : 'wall-self'}>
            {words.self(critical, warning)}
          </Link>
        ) : clockOffset() !== 0 ? (
          <span className="soft">{words.clockOff(formatDuration(Math.abs(clockOffset()), language))}</span>
        ) : (
          <span className="soft">{`${node.name} · ${node.timeZone}`}</span>
        )}
      </div>
      <time className="wall-clock figures" dateTime={new Date(now).toISOString()}>
        <span className="wall-date">{time.slice(0, 10)}</span>
        {time.slice(11)}
      </time>
    </div>
  );
}

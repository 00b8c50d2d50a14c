import { useHeldSession } from '../api/session.tsx';
import { formatDuration, formatShortDuration, formatTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/language.tsx';
import { useNow } from './use-now.ts';

/** A length of time, two units of it. */
export function Duration({ ms }: { ms: number | null }) {
  const { language } = useLanguage();
  return <span className="figures since">{ms === null ? '—' : formatDuration(ms, language)}</span>;
}

/** How long ago that was, ticking, in two units or (`short`) in one; the moment itself beside it for a pointer and for readers. */
export function Since({ at, short = false }: { at: string | number | null; short?: boolean }) {
  return at === null ? <span className="figures">—</span> : <Ticking at={at} short={short} />;
}

function Ticking({ at, short }: { at: string | number; short: boolean }) {
  const { language } = useLanguage();
  const { session } = useHeldSession();
  const now = useNow();
  const epoch = typeof at === 'string' ? Date.parse(at) : at;
  return (
    <time
      className="figures since"
      dateTime={new Date(epoch).toISOString()}
      title={formatTime(epoch, session?.node.timeZone ?? 'Asia/Shanghai')}
    >
      {(short ? formatShortDuration : formatDuration)(Math.max(0, now - epoch), language)}
    </time>
  );
}

/** A moment in the node's zone. */
export function Moment({ at, parts = 'full' }: { at: string | number | null; parts?: 'full' | 'minute' | 'clock' | 'date' }) {
  const { session } = useHeldSession();
  if (at === null) return <span className="figures">—</span>;
  return (
    <time className="figures" dateTime={new Date(at).toISOString()}>
      {formatTime(at, session?.node.timeZone ?? 'Asia/Shanghai', parts)}
    </time>
  );
}

import { useSession } from '../api/session.tsx';
import { formatTime } from '../i18n/format.ts';

/** Says that what is shown could not be refreshed, and of when it is. `at`: epoch ms. */
export function StaleNote({ at, text }: { at: number; text: (time: string) => string }) {
  const { node } = useSession();
  return (
    <p role="alert" className="stale-note">
      {text(formatTime(at, node.timeZone))}
    </p>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { activity, get } from '../api/client.ts';
import { clockOffset } from '../api/clock.ts';
import { useLiveStatus } from '../api/live.tsx';
import { useHeldSession, useSession } from '../api/session.tsx';
import { formatDuration, formatTime } from '../i18n/format.ts';
import { useLanguage, useWords } from '../i18n/language.tsx';
import { useNow } from '../parts/use-now.ts';
import { ownBuild, servedBuild } from './build.ts';
import { FreshnessNotice } from './freshness-notice.tsx';
import { type SessionEnd, sessionEnd } from './session-end.ts';
import { SHELL } from './words.ts';

const BUILD_EVERY_MS = 300_000;
/** A wall that nobody touches takes a new build by itself after this. */
const UNTOUCHED_MS = 60_000;
const HERE_EVERY_MS = 20_000;
/** The node hears of somebody who works without asking for anything at least so often. */
const TELL_MS = 45_000;

/** What has to be said above every page: that it may not be believed, a session about to end, a new build on the node. */
export function Notices({ wall, reads }: { wall: boolean; reads: boolean }) {
  return (
    <>
      {/* The wall says so itself, and of more. */}
      {reads && !wall ? <FreshnessNotice /> : null}
      <SessionNotice />
      <BuildNotice wall={wall} />
    </>
  );
}

function SessionNotice() {
  const words = useWords(SHELL);
  const { language } = useLanguage();
  const { node, idleMs, expiresAt } = useSession();
  const { refresh } = useHeldSession();
  const now = useNow();
  const stay = async () => {
    await get('/session').catch(() => undefined);
    await refresh();
  };
  useHere(idleMs);
  const span = { heardAt: activity().heardAt + clockOffset(), idleMs, expiresAt: expiresAt === null ? null : Date.parse(expiresAt) };
  const end: SessionEnd = sessionEnd(span, now);
  const over = end !== null && now > end.at + 1_000;
  useEffect(() => {
    if (over) void refresh();
  }, [over, refresh]);
  if (end === null) return null;
  return (
    <div className="shell-notice" role="alert">
      <span>
        {end.kind === 'idle' ? words.idleEnd : words.expires(formatTime(end.at, node.timeZone, 'clock'))}
        {/* Read once, not every second. */}
        <span aria-hidden="true" className="figures">
          {' '}
          {formatDuration(Math.max(0, end.at - now), language)}
        </span>
      </span>
      {end.kind === 'idle' ? (
        <button type="button" className="button primary" onClick={() => void stay()}>
          {words.stay}
        </button>
      ) : null}
    </div>
  );
}

/** Tells the node that somebody is here, who reads and types without asking it for anything. */
function useHere(idleMs: number | null): void {
  useEffect(() => {
    if (idleMs === null) return;
    const timer = setInterval(() => {
      const { activeAt, heardAt } = activity();
      if (activeAt > heardAt && Date.now() - heardAt > Math.min(TELL_MS, idleMs / 4)) get('/session').catch(() => undefined);
    }, HERE_EVERY_MS);
    return () => clearInterval(timer);
  }, [idleMs]);
}

function BuildNotice({ wall }: { wall: boolean }) {
  const words = useWords(SHELL);
  const fresh = useNewBuild();
  useEffect(() => {
    if (!fresh || !wall) return;
    const timer = setInterval(() => {
      if (Date.now() - activity().activeAt > UNTOUCHED_MS) window.location.reload();
    }, 5_000);
    return () => clearInterval(timer);
  }, [fresh, wall]);
  if (!fresh) return null;
  return (
    <div className="shell-notice" role="alert">
      <span>{words.newBuild}</span>
      <button type="button" className="button primary" onClick={() => window.location.reload()}>
        {words.reload}
      </button>
    </div>
  );
}

/** Whether the node serves another build than this page is of: asked now and then, and whenever the node has been away. */
function useNewBuild(): boolean {
  const { connected } = useLiveStatus();
  const queries = useQueryClient();
  const [fresh, setFresh] = useState(false);
  const node = useRef<'not yet' | 'here' | 'away'>('not yet');
  useEffect(() => {
    const own = ownBuild();
    if (own === null || fresh) return;
    const ended = new AbortController();
    const ask = async () => {
      const served = await servedBuild(ended.signal);
      if (served !== null && served !== own) setFresh(true);
    };
    if (connected && node.current === 'away') {
      void ask();
      // What was shown while the node was away is old.
      void queries.invalidateQueries();
    }
    if (connected) node.current = 'here';
    else if (node.current === 'here') node.current = 'away';
    const timer = setInterval(() => void ask(), BUILD_EVERY_MS);
    // A page that is gone to may be of a build the node has no more.
    const onMissing = () => setFresh(true);
    window.addEventListener('vite:preloadError', onMissing);
    return () => {
      ended.abort();
      clearInterval(timer);
      window.removeEventListener('vite:preloadError', onMissing);
    };
  }, [connected, fresh, queries]);
  return fresh;
}

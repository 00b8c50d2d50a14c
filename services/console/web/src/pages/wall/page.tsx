import { useCallback, useEffect, useRef, useState } from 'react';
import { useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Circuits } from './circuits.tsx';
import { Controls } from './controls.tsx';
import { Figures } from './figures.tsx';
import { Headline } from './headline.tsx';
import { Incidents } from './incidents.tsx';
import { Bell, type Severe, severeIn, severeOf } from './severe.ts';
import { ring } from './sound.ts';
import { Status, useFreshness } from './status.tsx';
import { Tiles } from './tiles.tsx';
import { useSound } from './use-sound.ts';
import { useWall } from './use-wall.ts';
import './headline.css';
import './panels.css';
import './tiles.css';
import './wall.css';
import { WALL } from './words.ts';

const FLASH_MS = 10_000;

/** The wall: what a duty officer sees from the door, on a screen of any size, without touching it. */
export default function WallPage() {
  const words = useWords(WALL);
  const { product, severities } = useWords(COMMON);
  const { node } = useSession();
  const { titleOf } = useNaming();
  const { sound, toggle } = useSound();
  const { flash, hear } = useBell();
  const {
    data: wall,
    error,
    isError,
    refetch,
  } = useWall(
    useCallback(
      (event) => {
        const severe = severeIn(event);
        if (severe !== null) hear([severe], true);
      },
      [hear],
    ),
  );
  const freshness = useFreshness(wall, isError);
  const first = wall?.incidents.first;
  const waiting = wall?.incidents.unacknowledged ?? 0;
  useEffect(() => {
    // Seen in the tab when another one is in front.
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${words.title} · ${product}`;
  }, [words, product, waiting]);
  useEffect(() => {
    if (first) hear(severeOf(first), false);
  }, [first, hear]);
  if (wall === undefined || freshness === null) return isError ? <Failure error={error} onRetry={() => void refetch()} /> : <Loading />;
  const asOf = !freshness.stale ? null : freshness.asOf === null ? words.never : formatTime(freshness.asOf, node.timeZone, 'clock');
  const told = flash === null ? undefined : wall.incidents.first.find(({ id }) => id === flash);
  return (
    <div className={`wall${freshness.stale ? ' is-stale' : ''}`}>
      <h1 className="unseen">{words.title}</h1>
      <p className="unseen" aria-live="assertive">
        {told === undefined ? '' : words.newSevere(severities[told.severity], titleOf(told))}
      </p>
      <header className="wall-head">
        <Headline wall={wall} stale={freshness.stale} flash={flash !== null} />
        <Status wall={wall} freshness={freshness} />
        <Controls sound={sound} onSound={toggle} />
      </header>
      <Tiles wall={wall} asOf={asOf} />
      <Incidents wall={wall} />
      <Circuits wall={wall} stale={freshness.stale} />
      <Figures wall={wall} />
    </div>
  );
}

/** Rings and flashes for what is new and severe; `flash` is the incident for ten seconds. */
function useBell(): { flash: string | null; hear: (severe: readonly Severe[], live: boolean) => void } {
  const bell = useRef(new Bell());
  const ready = useRef(false);
  const [flash, setFlash] = useState<string | null>(null);
  useEffect(() => {
    if (flash === null) return;
    const timer = setTimeout(() => setFlash(null), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flash]);
  const hear = useCallback((severe: readonly Severe[], live: boolean) => {
    // The first wall that is read says what was there before: nothing rings ahead of it.
    if (live && !ready.current) return;
    ready.current = true;
    const rings = bell.current.hear(severe);
    if (rings === null) return;
    ring(rings.severity);
    setFlash(rings.id);
  }, []);
  return { flash, hear };
}

import type { LiveEvent, LiveType } from '@beacontower/contracts';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { clockOffset } from './clock.ts';
import { joinLive } from './live-link.ts';
import { READERS } from './readers.ts';
import { useHeldSession } from './session.tsx';

/** Whether live events come in. `since` is when that last changed, epoch ms of the node's clock. */
export interface LiveStatus {
  readonly connected: boolean;
  readonly since: number;
}

type Handler = (event: LiveEvent) => void;
interface Bus {
  subscribe(types: readonly LiveType[] | null, onEvent: Handler, onResync: () => void): () => void;
}

const BusContext = createContext<Bus | null>(null);
const StatusContext = createContext<LiveStatus | null>(null);

/** The live events for the page, from the one stream of this browser. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [status, setStatus] = useState<LiveStatus>(() => ({ connected: false, since: Date.now() }));
  const followers = useRef(new Set<{ types: ReadonlySet<string> | null; onEvent: Handler; onResync: () => void }>());
  const bus = useMemo<Bus>(
    () => ({
      subscribe(types, onEvent, onResync) {
        const follower = { types: types && new Set<string>(types), onEvent, onResync };
        followers.current.add(follower);
        return () => followers.current.delete(follower);
      },
    }),
    [],
  );
  const { session, refresh } = useHeldSession();
  // Who may read nothing (security and audit administrators) is told of nothing.
  const reads = session?.roles.some((role) => READERS.includes(role)) ?? false;
  const key = session === null || !reads ? null : (session.id ?? `token:${session.name}`);
  const asked = useRef(refresh);
  asked.current = refresh;
  useEffect(() => {
    if (key === null) return;
    let connectedOnce = false;
    let told = false;
    const resync = () => {
      for (const { onResync } of followers.current) onResync();
    };
    return joinLive(key, (message) => {
      if (message.kind === 'event') {
        const event = JSON.parse(message.data) as LiveEvent;
        for (const { types, onEvent } of followers.current) if (types === null || types.has(event.type)) onEvent(event);
      } else if (message.kind === 'resync') resync();
      else if (message.kind === 'refused') void asked.current();
      else {
        setStatus({ connected: message.connected, since: message.since });
        // Who read before events came in may have missed what happened between; not so when they came in all along for another tab.
        if (message.connected && told && !connectedOnce) resync();
        told = true;
        connectedOnce ||= message.connected;
      }
    });
  }, [key]);
  return (
    <BusContext.Provider value={bus}>
      <StatusContext.Provider value={status}>{children}</StatusContext.Provider>
    </BusContext.Provider>
  );
}

/** Calls `onEvent` for each live event of the types; `onResync` when events were lost and what is shown must be read again. */
export function useLive(types: readonly LiveType[] | null, onEvent: Handler, onResync: () => void): void {
  const bus = useContext(BusContext);
  const handlers = useRef({ onEvent, onResync });
  handlers.current = { onEvent, onResync };
  const key = types?.join(',') ?? '';
  useEffect(
    () =>
      bus?.subscribe(
        key === '' ? null : (key.split(',') as LiveType[]),
        (event) => handlers.current.onEvent(event),
        () => handlers.current.onResync(),
      ),
    [bus, key],
  );
}

/** Whether live events come in. */
export function useLiveStatus(): LiveStatus {
  const status = useContext(StatusContext);
  if (status === null) throw new TypeError('outside of the live provider');
  // The stream is watched by this browser's clock, which may be an hour off: what is compared with it is not.
  return { connected: status.connected, since: status.since + clockOffset() };
}

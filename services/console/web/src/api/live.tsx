import type { LiveEvent, LiveType } from '@beacontower/contracts';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';

/** Whether live events come in. `since` is when that last changed, epoch ms of this browser. */
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
const TYPES: readonly LiveType[] = ['state', 'check', 'incident', 'delivery', 'inventory', 'interface', 'figure', 'report'];

/** One stream of live events for the page. */
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
  useEffect(() => {
    const tell = (connected: boolean) => setStatus((now) => (now.connected === connected ? now : { connected, since: Date.now() }));
    const source = new EventSource('/api/v1/live');
    source.onopen = () => tell(true);
    source.onerror = () => tell(false);
    for (const type of TYPES)
      source.addEventListener(type, ({ data }: MessageEvent<string>) => {
        const event = JSON.parse(data) as LiveEvent;
        for (const { types, onEvent } of followers.current) if (types === null || types.has(type)) onEvent(event);
      });
    source.addEventListener('resync', () => {
      for (const { onResync } of followers.current) onResync();
    });
    return () => source.close();
  }, []);
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
  return status;
}

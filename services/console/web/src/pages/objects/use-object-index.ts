import type { LiveEvent, ObjectIndex } from '@beacontower/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { useThrottled } from '../../api/use-throttled.ts';
import { type IndexStore, patch, type StateChange, storeOf } from './index-store.ts';

const KEY = ['/objects/index'] as const;
/** Planned work begins and ends without an event; the whole is read again this often. */
const REFRESH_MS = 300_000;
/** Discovery tells of many interfaces at once. */
const AGAIN_MS = 5_000;
/** Changes are shown together: thousands at once are one new list. */
const SHOW_MS = 500;
/** Changes that came while an answer was on its way, put into it when it is there. */
const KEPT = 20_000;

/** The columns as they are now: another view whenever states in them have changed. */
export interface IndexView {
  readonly store: IndexStore;
  readonly version: number;
}

/** Every object of one's divisions, kept as it is now by live events. */
export interface HeldIndex {
  readonly view: IndexView | undefined;
  readonly error: unknown;
  /** When it was last read whole, epoch ms. */
  readonly readAt: number;
  readonly refetch: () => unknown;
}

/** Reads the index once and keeps it current. */
export function useObjectIndex(): HeldIndex {
  const queries = useQueryClient();
  const { data, error, dataUpdatedAt, refetch } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => storeOf(await get<ObjectIndex>('/objects/index', {}, signal)),
    staleTime: 60_000,
    refetchInterval: REFRESH_MS,
    // Columns of 100,000 are not compared with those before: that would take longer than to read them.
    structuralSharing: false,
  });
  const [version, setVersion] = useState(0);
  const recent = useRef<StateChange[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const show = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setVersion((before) => before + 1);
    }, SHOW_MS);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (data === undefined) return;
    let changed = false;
    for (const change of recent.current) changed = patch(data, change) || changed;
    if (changed) show();
  }, [data, show]);
  const readAgain = useThrottled(() => void queries.invalidateQueries({ queryKey: KEY }).catch(() => undefined), AGAIN_MS);
  useLive(
    ['state', 'inventory', 'interface', 'node'],
    (event) => {
      const change = changeOf(event);
      if (change === null) return readAgain();
      recent.current.push(change);
      if (recent.current.length > KEPT) recent.current.splice(0, KEPT / 2);
      if (data !== undefined && patch(data, change)) show();
    },
    readAgain,
  );
  const view = useMemo(() => (data === undefined ? undefined : { store: data, version }), [data, version]);
  return { view, error, readAt: dataUpdatedAt, refetch };
}

function changeOf(event: LiveEvent): StateChange | null {
  if (event.type !== 'state') return null;
  return { sequence: event.sequence, object: event.object, to: event.to, at: Date.parse(event.at) };
}

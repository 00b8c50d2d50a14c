import { useSyncExternalStore } from 'react';
import { nodeNow } from '../api/clock.ts';

// One timer for everything that ticks on the page; none while nothing does.
const followers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = nodeNow();

function tick(): void {
  now = nodeNow();
  for (const follower of followers) follower();
}

function subscribe(follower: () => void): () => void {
  followers.add(follower);
  if (timer === undefined) {
    tick();
    timer = setInterval(tick, 1_000);
  }
  return () => {
    followers.delete(follower);
    if (followers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Now by the node's clock, epoch ms; anew every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

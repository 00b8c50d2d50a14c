import { type FromHub, type HubPort, LiveHub, type ToHub } from './live-hub.ts';
import { openLive } from './live-source.ts';

const HERE_MS = 20_000;

/** Joins the stream of live events of this browser; returns how to leave it. `key` is the session, `hear` is told what comes. */
export function joinLive(key: string, hear: (message: FromHub) => void): () => void {
  const say = channel(hear);
  say({ kind: 'follow', key });
  const timer = setInterval(() => say({ kind: 'here' }), HERE_MS);
  // A page that is put aside by "back" is not ended; when it comes forth again, it follows again and has to read again.
  const onHide = () => say({ kind: 'leave' });
  const onShow = ({ persisted }: PageTransitionEvent) => {
    if (!persisted) return;
    say({ kind: 'follow', key });
    hear({ kind: 'resync' });
  };
  window.addEventListener('pagehide', onHide);
  window.addEventListener('pageshow', onShow);
  return () => {
    clearInterval(timer);
    window.removeEventListener('pagehide', onHide);
    window.removeEventListener('pageshow', onShow);
    say({ kind: 'leave' });
  };
}

/** To the worker all tabs share; where a browser has none, to a hub of this tab alone. */
function channel(hear: (message: FromHub) => void): (message: ToHub) => void {
  if (typeof SharedWorker === 'undefined') return alone(hear);
  try {
    const worker = new SharedWorker(new URL('./live-worker.ts', import.meta.url), { type: 'module', name: 'beacontower-live' });
    let say: (message: ToHub) => void = (message) => worker.port.postMessage(message);
    let last: ToHub | null = null;
    worker.port.onmessage = ({ data }: MessageEvent<FromHub>) => hear(data);
    worker.onerror = () => {
      say = alone(hear);
      if (last !== null) say(last);
    };
    return (message) => {
      if (message.kind !== 'here') last = message;
      say(message);
    };
  } catch {
    return alone(hear);
  }
}

function alone(hear: (message: FromHub) => void): (message: ToHub) => void {
  const page: HubPort = { postMessage: hear };
  const hub = new LiveHub(openLive, () => Date.now());
  return (message) => hub.receive(page, message);
}

import { EventStreamParser } from './event-stream.ts';

/** Who is told of what a stream of live events brings. */
export interface LiveSink {
  /** An event; `data` is JSON. */
  readonly event: (type: string, data: string) => void;
  readonly status: (connected: boolean) => void;
  /** The node does not let this session listen (any more). */
  readonly refused: () => void;
  /** What happened while nobody listened is not known. */
  readonly resync: () => void;
}

const URL = '/api/v1/live';
/** The node gives a sign of life every 15 s. */
const SILENT_MS = 40_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** Follows the live events until it is closed: comes back by itself, from where it was. */
export function openLive(sink: LiveSink): () => void {
  const closing = new AbortController();
  void follow(sink, closing.signal);
  return () => closing.abort();
}

async function follow(sink: LiveSink, closing: AbortSignal): Promise<void> {
  let lastId: string | null = null;
  let wait = FIRST_WAIT_MS;
  let connectedBefore = false;
  while (!closing.aborted) {
    try {
      await connect(lastId, closing, {
        ...sink,
        onOpen: () => {
          wait = FIRST_WAIT_MS;
          sink.status(true);
          if (connectedBefore && lastId === null) sink.resync();
          connectedBefore = true;
        },
        onId: (id) => (lastId = id),
      });
    } catch {
      // Whatever it was: it is told by the status, and tried again.
    }
    if (closing.aborted) return;
    sink.status(false);
    // Many screens lose the same node at once; they must not all come back in the same moment.
    await pause(wait * (0.5 + Math.random()), closing);
    wait = Math.min(LONGEST_WAIT_MS, wait * 2);
  }
}

interface Connection extends LiveSink {
  readonly onOpen: () => void;
  readonly onId: (id: string) => void;
}

async function connect(lastId: string | null, closing: AbortSignal, { onOpen, onId, ...sink }: Connection): Promise<void> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENT_MS);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silent.abort(), SILENT_MS);
  };
  try {
    const response = await fetch(URL, {
      headers: { accept: 'text/event-stream', ...(lastId === null ? {} : { 'last-event-id': lastId }) },
      cache: 'no-store',
      credentials: 'same-origin',
      signal: AbortSignal.any([closing, silent.signal]),
    });
    if (response.status === 401 || response.status === 403) sink.refused();
    if (!response.ok || response.body === null) return;
    onOpen();
    const parser = new EventStreamParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      alive();
      for (const { type, data } of parser.push(piece.value)) {
        if (type === 'resync') sink.resync();
        else sink.event(type, data);
      }
      if (parser.lastId !== null) onId(parser.lastId);
    }
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      closing.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    closing.addEventListener('abort', done, { once: true });
  });
}

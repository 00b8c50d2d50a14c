import { type HubPort, LiveHub, type ToHub } from './live-hub.ts';
import { openLive } from './live-source.ts';

// Runs apart from every tab, once for all of them (SharedWorker).
const hub = new LiveHub(openLive, () => Date.now());
const SWEEP_MS = 30_000;

(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports: [port] }) => {
  if (port === undefined) return;
  const page: HubPort = { postMessage: (message) => port.postMessage(message) };
  port.onmessage = ({ data }: MessageEvent<ToHub>) => hub.receive(page, data);
};
setInterval(() => hub.sweep(), SWEEP_MS);

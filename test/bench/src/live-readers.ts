/** A child process: many clients of live events, each with a token of its own. Says how late what was recorded came to each. */
import { connect, type Socket } from 'node:net';
import { percentile } from './measurement.ts';

/** What came since the last report. Latencies are ms from the writing of the row, before its commit, to the client. */
export interface ReadersReport {
  readonly events: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly resyncs: number;
  readonly lost: number;
}

const url = new URL(process.argv[2] ?? '');
const sockets: Socket[] = [];
let latencies: number[] = [];
let resyncs = 0;
let lost = 0;

const RECORDED = /"recordedAt":"([^"]+)"/g;
const RESYNC = 'event: resync';

function open(token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () => {
      socket.write(`GET /api/v1/live HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n\r\n`);
    });
    sockets.push(socket);
    socket.setEncoding('utf8');
    let rest = '';
    socket.on('data', (chunk: string) => {
      const text = rest + chunk;
      if (text.includes('retry:')) resolve();
      const end = text.lastIndexOf('\n\n') + 1;
      take(text.slice(0, end));
      rest = text.slice(end);
    });
    socket.once('error', reject);
    socket.once('close', () => {
      lost++;
    });
  });
}

function take(text: string): void {
  const now = Date.now();
  for (const [, at] of text.matchAll(RECORDED)) latencies.push(now - Date.parse(at ?? ''));
  for (let found = text.indexOf(RESYNC); found !== -1; found = text.indexOf(RESYNC, found + 1)) resyncs++;
}

process.on('message', (asked: { open: string[] } | { close: number } | 'report') => {
  if (asked === 'report') {
    const max = latencies.reduce((most, each) => Math.max(most, each), 0);
    const report: ReadersReport = {
      events: latencies.length,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      max,
      resyncs,
      lost,
    };
    latencies = [];
    resyncs = 0;
    process.send?.(report);
  } else if ('open' in asked) {
    Promise.all(asked.open.map(open)).then(
      () => process.send?.('open'),
      (error: unknown) => process.send?.(String(error)),
    );
  } else {
    for (const socket of sockets.splice(0, asked.close)) socket.destroy();
    process.send?.('closed');
  }
});
process.once('SIGTERM', () => process.exit(0));

/** The thread in which DuckDB lives: takes requests by message, answers each. Started by `store.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { DuckDbConfig } from './config.ts';
import { Engine } from './engine.ts';
import type { Message, Request } from './messages.ts';

const port = parentPort;
if (port === null) throw new Error('the store is a thread of a process, not a process');
const send = (message: Message, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
const engine = new Engine(workerData as DuckDbConfig, { setAside: (file, to, fault) => send({ setAside: { file, to, fault } }) });

port.on('message', ({ id, request }: { id: number; request: Request }) => {
  void answer(request).then(
    (value) => send({ id, value }, blocksOf(value)),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      send({ id, fault: message.replaceAll(/\s+/g, ' ').trim() });
    },
  );
});

function answer(request: Request): Promise<unknown> {
  switch (request.op) {
    case 'open':
      return engine.open();
    case 'close':
      return engine.close();
    case 'offsets':
      return engine.offsets();
    case 'state':
      return engine.state();
    case 'write':
      return engine.write(request.lots, request.offsets, request.now);
    case 'series':
      return engine.series(request.question, request.now);
    case 'slice':
      return engine.slice(request.period);
    case 'maintain':
      return engine.maintain(request.now);
    case 'copy':
      return engine.copy(request.order);
  }
}

/** Rows are handed over, not copied. */
function blocksOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null || !('lots' in value)) return [];
  return (value.lots as readonly { block: ArrayBuffer }[]).map(({ block }) => block);
}

/** The thread in which a long configuration is checked: it may take a core for long. Started by `check.ts`, for one text. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkHere, type TextToCheck } from './check-here.ts';

const port = parentPort;
if (port === null) throw new Error('the check of a configuration is a thread of a process, not a process');
port.postMessage(checkHere(workerData as TextToCheck));

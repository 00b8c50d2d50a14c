import { Worker } from 'node:worker_threads';
import { ApiProblem } from '../http/problem.ts';
import { type CheckedText, checkHere, type TextToCheck } from './check-here.ts';

/** Whatever stands in so short a text, its check is over at once. */
const SHORT = 16 * 1_024;
/** Beyond these a text is no configuration of anybody's: 100,000 objects take a few seconds and some hundred megabytes. */
const LONGEST_MS = 60_000;
const MOST_MEMORY_MB = 1_024;

/**
 * Checks a text; a long one in a thread of its own. Everybody else goes on being answered meanwhile: a text made for it keeps a core busy for
 * minutes, and a process that does not answer for half a minute is ended by its supervisor.
 */
export async function checkText(job: TextToCheck, longestMs = LONGEST_MS): Promise<CheckedText> {
  if (job.text.length <= SHORT) return checkHere(job);
  const worker = startThread(job);
  return new Promise<CheckedText>((resolve, reject) => {
    const timer = setTimeout(() => reject(tooDear()), longestMs);
    worker.once('message', resolve);
    worker.once('error', (error: Error & { code?: string }) => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooDear() : error));
    worker.once('exit', () => {
      clearTimeout(timer);
      reject(new Error('the check of a configuration ended without a word'));
    });
  }).finally(() => worker.terminate());
}

function tooDear(): ApiProblem {
  return new ApiProblem(
    422,
    'configuration-too-dear',
    'checking this text takes more time or memory than is given here; on the machine "beacontower plan" has no such limit',
  );
}

function startThread(job: TextToCheck): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: MOST_MEMORY_MB };
  const fromSource = import.meta.url.endsWith('.ts');
  const url = new URL(fromSource ? './check-thread.ts' : './check-thread.js', import.meta.url);
  if (!fromSource) return new Worker(url, { workerData: job, name: 'configuration', resourceLimits });
  // Node 20 gives a thread no loader of its parent: it registers tsx itself.
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  const execArgv = ['--conditions=@beacontower/source'];
  return new Worker(start, { eval: true, workerData: job, name: 'configuration', execArgv, resourceLimits });
}

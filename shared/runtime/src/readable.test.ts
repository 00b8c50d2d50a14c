import { expect, it } from 'vitest';
import { readableLine } from './readable.ts';

it('makes a line of the log short for a person, keeps what matters, and needs one line for an error', () => {
  const line = JSON.stringify({
    level: 'error',
    time: '2026-11-22T03:04:05.678Z',
    pid: 7,
    hostname: 'noc',
    name: 'supervisor',
    process: 'judge',
    code: null,
    restartInMs: 100,
    err: { type: 'Error', message: 'gone', stack: 'Error: gone\n    at x' },
    msg: 'ended; it is started again',
  });
  expect(readableLine(`${line}\n`)).toMatch(
    /^\d\d:04:05 error supervisor: ended; it is started again: gone \(process=judge, code=null, restartInMs=100\)\n$/,
  );
});

it('shows where it happened when it is fatal', () => {
  const line = {
    level: 'fatal',
    time: '2026-11-22T03:04:05.678Z',
    name: 'judge',
    err: { message: 'gone', stack: 'Error: gone\n    at x' },
  };
  expect(readableLine(JSON.stringify(line))).toMatch(/judge: gone\nError: gone\n {4}at x\n$/);
});

it('leaves what is no line of the log as it is', () => {
  expect(readableLine('Killed\n')).toBe('Killed\n');
  expect(readableLine('{"level":30}\n')).toBe('{"level":30}\n');
});

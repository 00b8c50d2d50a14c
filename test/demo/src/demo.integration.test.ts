import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { programsPresent } from '@beacontower/testing';
import { expect, it } from 'vitest';
import { runDemo } from './demo.ts';
import type { DemoOptions } from './options.ts';

const OPTIONS: DemoOptions = { language: 'zh', minutes: 1, once: false, json: false, seed: 1, html: null, federation: false };
const left = () => ({
  namespaces: existsSync('/run/netns') ? readdirSync('/run/netns').filter((name) => name === `btdemo-${process.pid}`) : [],
  devices: readdirSync('/sys/class/net').filter((name) => name === `btd${process.pid}`),
  processes: readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && linesOf(pid).includes('/beacontower-demo-'),
  ),
});
const linesOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

it.runIf(programsPresent('redis-server', 'fping', 'ip'))(
  'runs a minute: incidents come and go, some objectives are missed and some are met, and nothing is left behind',
  async () => {
    const before = left();
    const boards: string[] = [];
    const said: string[] = [];
    const out = { say: (line: string) => void said.push(line), show: (board: string) => void boards.push(board) };
    const summary = await runDemo(OPTIONS, out, new AbortController().signal);
    expect(summary?.interfaces).toBe(2 * 32 + 32 * 4);
    expect(summary?.faults).toBeGreaterThanOrEqual(3);
    expect(summary?.incidents.opened).toBeGreaterThanOrEqual(2);
    expect(summary?.incidents.resolved).toBeGreaterThanOrEqual(1);
    const verdicts = Object.fromEntries(summary?.objectives.map(({ id, verdict }) => [id, verdict]) ?? []);
    expect(verdicts.backbone).toBe('missed');
    expect(['met', 'undecided']).toContain(verdicts['internet-exit']);
    for (const { id, availability, lowest, highest } of summary?.objectives ?? []) {
      expect(availability, id).toBeGreaterThan(0.5);
      expect([(lowest ?? 2) <= (availability ?? -1), (availability ?? 2) <= (highest ?? -1)], id).toEqual([true, true]);
    }
    expect(boards.at(-1)).toContain('可用率目标');
    expect(boards.at(-1)).toContain('新疆');
    expect(said.at(-1)).toContain('已停止');
    expect(left()).toEqual(before);
  },
  240_000,
);

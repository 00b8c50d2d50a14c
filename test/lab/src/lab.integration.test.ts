import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLab, destroyStale, type Lab, run } from './index.ts';

let lab: Lab;
let other: Lab;

beforeAll(async () => {
  [lab, other] = await Promise.all([createLab({ provinces: 2, linesPerProvince: 2 }), createLab({ provinces: 0, flatLines: 50 })]);
});

afterAll(async () => {
  await Promise.all([lab?.destroy(), other?.destroy()]);
});

function addresses(id: string): string[] {
  const { v4, v6 } = lab.object(id).address;
  return [v4, v6];
}

async function answers(id: string): Promise<boolean[]> {
  const answered = await lab.ping(addresses(id));
  return addresses(id).map((address) => answered.has(address));
}

describe('the lab', () => {
  it('answers in both families, every object of it', async () => {
    const all = lab.plan.objects.flatMap(({ address }) => [address.v4, address.v6]);
    expect(await lab.ping(all)).toEqual(new Set(all));
  });

  it('says within a few milliseconds when a link was cut, and leaves silence behind it', async () => {
    const moment = await lab.cut('p1/line-01');
    expect(moment.after).toBeGreaterThanOrEqual(moment.before);
    expect(Math.abs(Date.now() - moment.after)).toBeLessThan(5_000);
    expect(await answers('p1-line-01')).toEqual([false, false]);
    expect(await answers('p1-line-02')).toEqual([true, true]);
    const { stdout, stderr } = await lab.runInCentre('fping', ['-C', '2', '-p', '200', '-t', '150', ...addresses('p1-line-01')]);
    expect(`${stdout}${stderr}`).toContain('timed out');
    expect(`${stdout}${stderr}`).not.toMatch(/ICMP|nreachable/);
    await lab.restore('p1/line-01');
    expect(await answers('p1-line-01')).toEqual([true, true]);
  });

  it('goes by the other uplink when one is cut, and is gone when both are', async () => {
    await lab.cut('p1/uplink-a');
    expect(await answers('p1-uplink-a')).toEqual([false, false]);
    for (const id of ['p1-uplink-b', 'p1', 'p1-line-02']) expect(await answers(id)).toEqual([true, true]);
    await lab.cut('p1/uplink-b');
    for (const id of ['p1-uplink-b', 'p1', 'p1-line-02']) expect(await answers(id)).toEqual([false, false]);
    expect(await answers('p2-line-01')).toEqual([true, true]);
    await lab.restore('p1/uplink-b');
    for (const id of ['p1-uplink-b', 'p1', 'p1-line-02']) expect(await answers(id)).toEqual([true, true]);
    await lab.restore('p1/uplink-a');
    await lab.cut('p1/uplink-b');
    for (const id of ['p1-uplink-a', 'p1', 'p1-line-02']) expect(await answers(id)).toEqual([true, true]);
    await lab.restore('p1/uplink-b');
  });

  it.each([
    ['p1/line-02', 'p1-line-02'],
    ['p1/uplink-a', 'p1-uplink-a'],
  ])('cuts one family of %s alone', async (link, id) => {
    await lab.cut(link, 6);
    expect(await answers(id)).toEqual([true, false]);
    expect(await answers('p1')).toEqual([true, true]);
    await lab.restore(link, 6);
    expect(await answers(id)).toEqual([true, true]);
  });

  it('blinds the collector when the centre loses its own line', async () => {
    await lab.cut('centre');
    expect(await lab.ping([lab.plan.anchor.v4, lab.plan.anchor.v6, ...addresses('core')])).toEqual(new Set());
    await lab.restore('centre');
    expect(await lab.ping([lab.plan.anchor.v4, lab.plan.anchor.v6])).toEqual(new Set([lab.plan.anchor.v4, lab.plan.anchor.v6]));
    expect(await answers('p2-line-01')).toEqual([true, true]);
  });

  it('keeps two labs apart', async () => {
    await other.cut('flat-07');
    const { v4 } = other.object('flat-07').address;
    expect(await other.ping([v4])).toEqual(new Set());
    expect(await other.ping([other.object('flat-08').address.v4])).toHaveLength(1);
    expect(lab.management.centre).not.toBe(other.management.centre);
  });

  it('joins the centre and the test by a wire of its own', async () => {
    const { code } = await lab.runInCentre('fping', ['-q', lab.management.host]);
    expect(code).toBe(0);
  });

  it('refuses a link it does not have', async () => {
    await expect(lab.cut('p9/uplink-a')).rejects.toThrow('p9/uplink-a');
  });

  it('leaves no namespace, no device and no program behind', async () => {
    const brief = await createLab({ provinces: 1, linesPerProvince: 1 });
    const child = brief.execInCentre('sleep', ['600'], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    await brief.ping([brief.management.host]);
    const before = (await run('ip', ['netns', 'list'])).stdout;
    await brief.destroy();
    expect(await ended).toBe('SIGKILL');
    const after = (await run('ip', ['netns', 'list'])).stdout;
    expect(before.split('\n').length - after.split('\n').length).toBe(brief.plan.namespaces.length);
    expect((await run('ip', ['-br', 'addr'])).stdout).not.toContain(brief.management.host);
  });

  it('clears away the labs of processes that are dead, and no others', async () => {
    const gone = await run('sh', ['-c', 'echo $$']);
    const orphan = `btlab-${gone.stdout.trim()}-0000aa-core`;
    expect((await run('ip', ['netns', 'add', orphan])).code).toBe(0);
    expect(await destroyStale()).toBeGreaterThanOrEqual(1);
    const { stdout } = await run('ip', ['netns', 'list']);
    expect(stdout).not.toContain(orphan);
    expect(stdout).toContain(`btlab-${process.pid}-`);
  });
});

import { describe, expect, it } from 'vitest';
import { cutLines, restoreLines } from './commands.ts';
import { DEFAULT_LAYOUT, planLab } from './plan.ts';

describe('planLab', () => {
  it('gives every end of every link, and every object, an address of its own', () => {
    const plan = planLab({ provinces: 4, linesPerProvince: 70, flatLines: 70 });
    const addresses = [
      ...plan.links.flatMap(({ near, far }) => [near.address, far.address]),
      ...plan.namespaces.flatMap(({ loopback }) => loopback ?? []),
    ].flatMap(({ v4, v6 }) => [v4, v6]);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(plan.objects).toHaveLength(1 + 4 * (2 + 1 + 70) + 70);
    expect(new Set(plan.objects.map(({ id }) => id)).size).toBe(plan.objects.length);
    expect(addresses.every((address) => address.startsWith('10.') || address.startsWith('fd10:'))).toBe(true);
  });

  it('keeps every device name within what the kernel takes (15 characters)', () => {
    const plan = planLab({ provinces: 32, linesPerProvince: 250, flatLines: 250 });
    for (const { near, far } of plan.links) expect(Math.max(near.device.length, far.device.length)).toBeLessThanOrEqual(15);
  });

  it('hangs units on their province, and the province on either uplink', () => {
    const plan = planLab(DEFAULT_LAYOUT);
    const unit = plan.objects.find(({ id }) => id === 'p2-line-03');
    expect(unit?.parents).toEqual(['p2']);
    expect(unit?.paths).toEqual([
      ['p2/uplink-a', 'p2/line-03'],
      ['p2/uplink-b', 'p2/line-03'],
    ]);
    expect(plan.objects.find(({ id }) => id === 'p2')?.parents).toEqual(['p2-uplink-a', 'p2-uplink-b']);
  });

  it.each([{ provinces: 33 }, { linesPerProvince: 251 }, { flatLines: -1 }])('refuses a layout that does not fit: %j', (wrong) => {
    expect(() => planLab({ ...DEFAULT_LAYOUT, ...wrong })).toThrow(RangeError);
  });
});

describe('cut and restore', () => {
  const uplink = planLab(DEFAULT_LAYOUT).links.find(({ name }) => name === 'p1/uplink-a');
  if (uplink === undefined) throw new Error('the default layout has an uplink');

  it('takes one device down, and gives its routes back with it', () => {
    expect(cutLines(uplink, 'both')).toEqual({ near: ['link set p1-a down'], far: [] });
    const lines = restoreLines(uplink, 'both').near;
    expect(lines[0]).toBe('link set p1-a up');
    expect(lines).toContain('route replace 10.101.0.0/16 via 10.2.0.10 dev p1-a metric 10');
    expect(lines).toContain('route replace fd10:65::/32 via fd10:2:2::2 dev p1-a metric 10');
  });

  it('touches nothing of IPv4 when IPv6 alone is cut', () => {
    const { near, far } = cutLines(uplink, 6);
    expect([...near, ...far].filter((line) => /\b10\./.test(line))).toEqual([]);
    expect(near).toContain('addr del fd10:2:2::1/126 dev p1-a');
    expect(far).toContain('route del fd10::/16 via fd10:2:2::1 dev core-a metric 10');
  });
});

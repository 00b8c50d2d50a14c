import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programsPresent, waitFor } from '@beacontower/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearData, get, processesOf, runCommand, startNode, temporaryData } from './test-node.ts';

const SECRET = 'community-never-shown';

describe.runIf(programsPresent('redis-server', 'fping'))('beacontower up, with credentials', { timeout: 180_000 }, () => {
  let data: string;
  let file: string;
  let secret: string;

  beforeEach(() => {
    data = temporaryData();
    chmodSync(data, 0o711);
    file = join(data, 'node.yaml');
    secret = join(data, 'community');
    writeFileSync(secret, `${SECRET}\n`);
    writeFileSync(
      file,
      `node: {id: gd, name: 广东, division: cn.gd}
zones: [{id: z, anchors: [127.0.0.1]}]
credentials: [{id: access, version: 2c, community: {file: ${secret}}}]
devices: [{id: r1, name: R1, addresses: {ipv4: 127.0.0.1}, snmp: {credential: access, port: 1}}]
`,
    );
  });
  afterEach(async () => {
    await clearData(data);
  });

  it('keeps a secret of its environment from its children, but for what a channel needs as well', async () => {
    const channel = 'channels: [{id: hook, kind: webhook, url: "https://127.0.0.1:1/", secret: {env: TEST_HOOK}, allowLocal: true}]';
    writeFileSync(file, `${readFileSync(file, 'utf8').replace(`{file: ${secret}}`, '{env: TEST_COMMUNITY}')}${channel}\n`);
    const node = await startNode({ data, args: ['--config', file], env: { TEST_COMMUNITY: SECRET, TEST_HOOK: 'secret-of-the-hook' } });
    await node.ready();
    const roles = processesOf(data).filter(({ name }) => ['judge', 'serve', 'collect', 'store'].includes(name));
    expect(roles).toHaveLength(4);
    for (const { pid } of processesOf(data))
      if (pid !== node.child.pid) expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(SECRET);
    for (const { pid } of roles) expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toContain('secret-of-the-hook');
    node.child.kill('SIGINT');
    expect((await node.ended).code).toBe(0);
  });

  it('seals them with a key of its own, and anew on SIGHUP when a secret was rotated; a start without it keeps them', async () => {
    const node = await startNode({ data, args: ['--config', file] });
    await node.ready();
    await waitFor(() => node.out().includes('1 object by 2 checks: R1 (127.0.0.1)\n'));
    expect(statSync(join(data, 'secret.key')).mode & 0o777).toBe(0o600);
    const plan = () => runCommand(['plan', file, '--data', data]);
    expect((await plan()).out).toContain('Nothing to do');
    expect((await get(node, '/api/v1/objects'))?.text).not.toContain('v1.');

    writeFileSync(secret, `${SECRET}-rotated\n`);
    expect((await plan()).out).toContain('~ credential access\n    secret changed\n');
    node.child.kill('SIGHUP');
    await waitFor(() => node.out().includes('configuration read again: 0 added, 1 changed, 0 retired'));
    expect((await plan()).out).toContain('Nothing to do');
    node.child.kill('SIGINT');
    expect((await node.ended).code).toBe(0);

    writeFileSync(secret, '');
    const again = await startNode({ data, args: ['--config', file] });
    await again.ready();
    expect(again.err()).toContain('(EMPTY): the one applied before stays in use');
    const key = readFileSync(join(data, 'secret.key'), 'utf8').trim();
    for (const text of [SECRET, key]) {
      expect(node.out() + node.err() + again.out() + again.err()).not.toContain(text);
      for (const { pid } of processesOf(data)) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(text);
    }
    again.child.kill('SIGINT');
    expect((await again.ended).code).toBe(0);

    rmSync(join(data, 'secret.key'));
    const without = await startNode({ data });
    await without.ready();
    expect(without.err()).toContain('warning: credential "access" does not open with the key of this node');
    without.child.kill('SIGINT');
    expect((await without.ended).code).toBe(0);
  });

  it('refuses in one line a key that is open to others, and a secret that is missing, and leaves nothing running', async () => {
    writeFileSync(join(data, 'secret.key'), 'ab'.repeat(32));
    chmodSync(join(data, 'secret.key'), 0o644);
    const open = await (await startNode({ data, args: ['--config', file] })).ended;
    expect(open.code).toBe(1);
    expect(open.err.trim().split('\n').at(-1)).toMatch(/^beacontower: the key .*secret\.key is open to others: run "chmod 600 /);
    chmodSync(join(data, 'secret.key'), 0o600);
    writeFileSync(secret, '');
    const missing = await (await startNode({ data, args: ['--config', file] })).ended;
    expect(missing.code).toBe(1);
    expect(missing.err.trim().split('\n').at(-1)).toMatch(
      /^beacontower: the configuration cannot be applied: the secret file .* \(EMPTY\): without it this credential cannot be applied$/,
    );
    expect(processesOf(data)).toEqual([]);
  });
});

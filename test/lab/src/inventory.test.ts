import { loadConfiguration } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { inventoryYaml } from './inventory.ts';
import { DEFAULT_LAYOUT, planLab } from './plan.ts';

const telling = {
  webhook: { url: 'http://198.18.0.1:9000/hook', secretEnv: 'WEBHOOK_SECRET' },
  email: { host: '198.18.0.1', port: 2525, caFile: '/run/cert.pem', to: 'duty@example.org' },
};

describe('inventoryYaml', () => {
  it('is a configuration without faults, with two checks for each object', () => {
    const plan = planLab({ ...DEFAULT_LAYOUT, flatLines: 3 });
    const yaml = inventoryYaml(plan, { ...telling, interval: ({ kind }) => (kind === 'circuit' ? '1s' : '10s') });
    const { configuration, faults } = loadConfiguration([{ name: 'lab.yaml', bytes: Buffer.from(yaml) }]);
    expect(faults).toEqual([]);
    const objects = configuration?.entities.filter(({ entity }) => entity === 'object') ?? [];
    expect(objects).toHaveLength(plan.objects.length);
    for (const { body } of objects) expect('checks' in body && body.checks).toHaveLength(2);
  });

  it('does without anybody to tell', () => {
    const yaml = inventoryYaml(planLab({ provinces: 0, linesPerProvince: 0, flatLines: 2 }), { interval: '1s' });
    expect(loadConfiguration([{ name: 'lab.yaml', bytes: Buffer.from(yaml) }]).faults).toEqual([]);
  });
});

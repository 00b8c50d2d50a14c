import { createLogger } from '@beacontower/runtime';
import { programsPresent, startInfluxd, type TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeStore } from '../contract.ts';
import type { TimeSeriesStore } from '../port.ts';
import { createInfluxStore } from './store.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

describe.runIf(programsPresent('influxd'))('with a private influxd', () => {
  let server: TestServer;
  let databases = 0;
  beforeAll(async () => {
    server = await startInfluxd();
  });
  afterAll(() => server.stop());

  describeStore('influxdb', () => {
    const database = `samples${++databases}`;
    let make: () => TimeSeriesStore;
    return {
      make: async ({ clock, retention }) => {
        make = () =>
          createInfluxStore({ url: server.url, database, retention }, { logger, clock, labels: (check) => `cn:device, ${check}/Gi0=1` });
        return make();
      },
      again: async () => make(),
      destroy: async () => undefined,
    };
  });
});

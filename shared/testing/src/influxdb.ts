/** A private InfluxDB 1.x (Debian's `influxdb`) for tests and benchmarks; nothing of the system's own is touched. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type PrivateServer, readEnvironment } from '@beacontower/runtime';
import { started, type TestServer, temporaryDirectory } from './services.ts';

/** The user of a fixture that asks for one. */
export interface InfluxUser {
  readonly user: string;
  readonly password: string;
}

/**
 * Starts `influxd` on free ports of the loopback with its own directory; `url` has no database yet. With `user` every request
 * must come from that administrator. Call only where `programsPresent('influxd')`.
 */
export async function startInfluxd(options: { readonly user?: InfluxUser } = {}): Promise<TestServer> {
  const directory = temporaryDirectory();
  const [http, rpc] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${http}`;
  const server = await started(
    influxd(directory, url, configuration(directory, { http, rpc, auth: options.user !== undefined })),
    directory,
  );
  if (options.user) {
    const { user, password } = options.user;
    const body = new URLSearchParams({ q: `CREATE USER "${user}" WITH PASSWORD '${password}' WITH ALL PRIVILEGES` });
    const response = await fetch(`${url}/query`, { method: 'POST', body });
    if (!response.ok) throw new Error(`influxd took no user: ${await response.text()}`);
  }
  return server;
}

function influxd(directory: string, url: string, text: string): PrivateServer {
  const file = join(directory, 'influxdb.conf');
  const { searchPath } = readEnvironment();
  return {
    name: 'influxd',
    url,
    async prepare() {
      writeFileSync(file, text);
      const env = { PATH: `${searchPath}:/usr/sbin:/usr/bin`, HOME: directory };
      return { command: 'influxd', args: ['run', '-config', file], cwd: directory, env, account: null, stopSignal: 'SIGTERM' };
    },
    ready: () =>
      fetch(`${url}/ping`).then(
        ({ status }) => status === 204,
        () => false,
      ),
  };
}

function configuration(directory: string, { http, rpc, auth }: { http: number; rpc: number; auth: boolean }): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${directory}/meta"
[data]
  dir = "${directory}/data"
  wal-dir = "${directory}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
  auth-enabled = ${auth}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port was found');
  return address.port;
}

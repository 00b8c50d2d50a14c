import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RoleName } from '@beacontower/contracts';
import { type Stand, type StandOptions, startStand } from '@beacontower/test-lab';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { openSession } from './session.ts';

/** A network, the whole product watching it, and a browser. */
export interface Stack {
  readonly stand: Stand;
  readonly browser: Browser;
  readonly url: string;
  /** Signs somebody new with these rights in; resolves with the cookie for `useSession`. */
  person(name: string, roles: readonly RoleName[], divisions?: readonly string[]): Promise<string>;
  destroy(): Promise<void>;
}

const BUILT = fileURLToPath(new URL('../../../services/console/dist/web/index.html', import.meta.url));

/** Starts all three. The console must have been built: `scripts/test` does. */
export async function startStack(options: Partial<StandOptions> = {}): Promise<Stack> {
  if (!existsSync(BUILT)) throw new Error('the console is not built: run scripts/test --browser, or npm run build in services/console');
  const browser = await launchBrowser();
  try {
    const stand = await startStand({
      layout: { provinces: 3, linesPerProvince: 3 },
      interval: ({ kind }) => (kind === 'circuit' ? '1s' : '5s'),
      code: 'source',
      // Browser and product meet over a link of the lab, where there is nobody to listen.
      environment: { BEACONTOWER_ALLOW_HTTP: '1' },
      ...options,
    });
    return {
      stand,
      browser,
      url: stand.product.api.url,
      async person(name, roles, divisions = ['all']) {
        const options = [...roles.flatMap((role) => ['--role', role]), ...divisions.flatMap((division) => ['--division', division])];
        const made = await stand.product.command('account', 'create', name, '--display-name', name, ...options, '--json');
        if (made.code !== 0) throw new Error(`no account ${name}: ${made.stderr}`);
        return openSession(stand.product.api.url, name, (JSON.parse(made.stdout) as { password: string }).password);
      },
      async destroy() {
        await browser.close();
        await stand.destroy();
      },
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

import { DEFAULT_ACCESS_POLICY, SessionView } from '@beacontower/contracts';
import { readNode } from '@beacontower/database';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { VERSION } from '../version.ts';

/** Before the first configuration was applied. */
const NO_NODE = { id: '', name: '', division: '', timeZone: 'Asia/Shanghai', language: 'zh' as const };

/** Who asks: one's own session. */
export function registerSession(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/session',
    {
      config: { access: 'session' },
      schema: { ...describe('session', 'Who asks, and what they may', 'session'), response: { 200: SessionView } },
    },
    async (request) => {
      const principal = principalOf(request);
      const { minLength, minClasses, history, maxAgeDays } = DEFAULT_ACCESS_POLICY;
      return {
        id: null,
        name: principal.name,
        displayName: principal.name,
        roles: [...principal.roles],
        divisions: [...principal.divisions],
        stage: 'full' as const,
        method: 'token' as const,
        csrf: null,
        secondFactor: false,
        passwordExpiresAt: null,
        idleMs: null,
        expiresAt: null,
        passwordRules: { minLength, minClasses, history, maxAgeDays },
        node: (await readNode(database, clock.now())) ?? NO_NODE,
        version: VERSION,
      };
    },
  );
}

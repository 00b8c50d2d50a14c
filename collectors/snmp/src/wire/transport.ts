import type { Clock, Health, Registry } from '@beacontower/runtime';
import { AnswerPool } from './answers.ts';
import { CommunitySession } from './community.ts';
import { SNMP_TRANSPORT_DEFAULTS, type SnmpTransportConfig } from './config.ts';
import { AgentConversation } from './conversation.ts';
import { Exchanges, failed } from './exchanges.ts';
import { createTransportMetrics, type TransportMetrics } from './metrics.ts';
import type { Conversation, SnmpTransport, Target } from './port.ts';
import type { Session } from './session.ts';
import { canonical } from './sockets.ts';
import { PasswordDigests } from './user-security.ts';
import { UserSession } from './user-session.ts';

export interface SnmpTransportDependencies {
  readonly clock: Clock;
  readonly registry: Registry;
}

/** The wire to all SNMP agents. Opens sockets when first needed, closes them when stopped. */
export function createSnmpTransport(config: Partial<SnmpTransportConfig>, dependencies: SnmpTransportDependencies): SnmpTransport {
  return new UdpTransport({ ...SNMP_TRANSPORT_DEFAULTS, ...config }, dependencies);
}

class UdpTransport implements SnmpTransport {
  readonly name = 'snmp-transport';
  readonly #clock: Clock;
  readonly #metrics: TransportMetrics;
  readonly #exchanges: Exchanges;
  readonly #pool = new AnswerPool();
  readonly #passwords = new PasswordDigests();

  constructor(config: SnmpTransportConfig, { clock, registry }: SnmpTransportDependencies) {
    this.#clock = clock;
    this.#metrics = createTransportMetrics(registry);
    this.#exchanges = new Exchanges(config, clock, this.#metrics);
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#exchanges.stop();
  }

  health(): Health {
    const { fault } = this.#exchanges;
    return fault === null ? { status: 'ok' } : { status: 'degraded', detail: `a socket failed: ${fault}` };
  }

  conversation(target: Target): Conversation {
    return new AgentConversation(this.#session(target), {
      pool: this.#pool,
      metrics: this.#metrics,
      monotonic: () => this.#clock.monotonic(),
    });
  }

  #session(target: Target): Session {
    const { secret, port } = target;
    const where = canonical(target.address);
    if (where === null || !Number.isInteger(port) || port < 1 || port > 65_535) return unreachable(target, () => this.#clock.monotonic());
    if (secret.version === '3') {
      const peer = { ...where, port, version: 3, community: null };
      const dependencies = { metrics: this.#metrics, monotonic: () => this.#clock.monotonic(), passwords: this.#passwords };
      return new UserSession(secret, this.#exchanges, peer, dependencies);
    }
    const community = Buffer.from(secret.community, 'utf8');
    return new CommunitySession(secret.version, this.#exchanges, { ...where, port, version: secret.version === '1' ? 0 : 1, community });
  }
}

/** What is no address cannot be asked; that is said at each question, as any other failure is. */
function unreachable({ address, port, secret }: Target, monotonic: () => number): Session {
  return {
    version: secret.version,
    ask: async () => failed('send-failed', `not an address and port: ${address} ${port}`, monotonic(), monotonic()),
    end: () => undefined,
  };
}

import { LeaseKeeper } from '@beacontower/database';
import { resolveSecret } from '@beacontower/mail';
import type { Component, Health } from '@beacontower/runtime';
import { createChannels } from './channels/index.ts';
import { ALERTING_DEFAULTS, type AlertingConfig } from './config.ts';
import { CORRELATOR_LEASE, Correlator } from './correlator/correlator.ts';
import { BullDeliveryBus } from './delivery/bus.ts';
import { SWEEPER_LEASE, Sweeper } from './delivery/sweeper.ts';
import { DeliveryWorker } from './delivery/worker.ts';
import { DISPATCHER_LEASE, Dispatcher } from './dispatcher.ts';
import { createAlertingMetrics } from './metrics.ts';
import type { AlertingDependencies } from './ports.ts';

/** Dispatcher, correlator, sweeper and delivery worker of one process. Inert until started. */
export function createAlerting(config: Partial<AlertingConfig> & { readonly instance: string }, deps: AlertingDependencies): Component {
  const settings: AlertingConfig = { ...ALERTING_DEFAULTS, ...config };
  const { database, clock, logger, redisUrl, bullPrefix, looks, random = Math.random } = deps;
  const metrics = createAlertingMetrics(deps.registry);
  const channels = createChannels({ secrets: deps.secrets ?? resolveSecret });
  const bus = new BullDeliveryBus({
    redisUrl,
    bullPrefix,
    onError: (error) => logger.warn({ err: error }, 'the deliveries queue has trouble'),
  });
  const wake: (() => void)[] = [];
  const leases = new LeaseKeeper({
    names: [DISPATCHER_LEASE, CORRELATOR_LEASE, SWEEPER_LEASE],
    slot: settings.instance,
    ttlMs: settings.leaseTtlMs,
    database,
    logger,
    onGained: () => {
      for (const part of wake) part();
    },
  });
  const dispatcher = new Dispatcher(settings, { database, leases, clock, logger, metrics });
  const correlator = new Correlator(settings, { database, leases, looks, bus, clock, logger, metrics });
  const worker = new DeliveryWorker(settings, { database, bus, channels, redisUrl, bullPrefix, clock, logger, metrics, random });
  const sweeper = new Sweeper(settings, { database, leases, bus, channels, clock, logger, metrics, random, claimant: worker.claimant });
  wake.push(
    () => dispatcher.wake(),
    () => correlator.wake(),
    () => sweeper.wake(),
  );
  const parts: readonly Component[] = [leases, worker, sweeper, correlator, dispatcher];
  return {
    name: 'alerting',
    async start() {
      for (const part of parts) await part.start();
    },
    async stop() {
      for (const part of [...parts].reverse()) await part.stop();
      channels.close();
      await bus.close();
    },
    health: (): Health => worstOf(parts),
  };
}

function worstOf(parts: readonly Component[]): Health {
  const bad = parts.map((part) => ({ name: part.name, health: part.health() })).filter(({ health }) => health.status !== 'ok');
  if (bad.length === 0) return { status: 'ok' };
  return { status: 'degraded', detail: bad.map(({ name, health }) => `${name}: ${health.detail ?? health.status}`).join('; ') };
}

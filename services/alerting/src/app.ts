import { leasedParts } from '@beacontower/database';
import { resolveSecret } from '@beacontower/mail';
import { type Component, componentOf } from '@beacontower/runtime';
import { Captures } from './captures/captures.ts';
import { createChannels } from './channels/index.ts';
import { ALERTING_DEFAULTS, type AlertingConfig } from './config.ts';
import { Correlator } from './correlator/correlator.ts';
import { createDeliveryBus } from './delivery/bus.ts';
import { DeliveryDirectories } from './delivery/directory.ts';
import { Sweeper } from './delivery/sweeper.ts';
import { DeliveryWorker } from './delivery/worker.ts';
import { Dispatcher } from './dispatcher.ts';
import { createAlertingMetrics } from './metrics.ts';
import type { AlertingDependencies } from './ports.ts';
import { Router } from './router/router.ts';

/** Dispatcher, correlator, sweeper and delivery worker of one process. Inert until started. */
export function createAlerting(config: Partial<AlertingConfig> & { readonly instance: string }, deps: AlertingDependencies): Component {
  const settings: AlertingConfig = { ...ALERTING_DEFAULTS, ...config };
  const { database, clock, logger, redisUrl, bullPrefix, looks, random = Math.random } = deps;
  const metrics = createAlertingMetrics(deps.registry);
  const channels = createChannels({ secrets: deps.secrets ?? resolveSecret });
  const bus = createDeliveryBus({
    redisUrl,
    bullPrefix,
    onError: (error) => logger.warn({ err: error }, 'the deliveries queue has trouble'),
  });
  const directories = new DeliveryDirectories(database, settings.claimMarginMs);
  const delivering = { database, bus, channels, directories, clock, logger, metrics, random };
  const worker = new DeliveryWorker(settings, { ...delivering, redisUrl, bullPrefix });
  const works = [
    new Sweeper(settings, { ...delivering, claimant: worker.claimant }),
    new Router(settings, { database, bus, clock, logger, metrics }),
    new Correlator(settings, { database, looks, clock, logger, metrics }),
    new Dispatcher(settings, { database, clock, metrics }),
    ...(deps.questions ? [new Captures(settings, { database, questions: deps.questions, clock, logger, metrics })] : []),
  ];
  const leased = leasedParts(works, {
    slot: settings.instance,
    ttlMs: settings.leaseTtlMs,
    database,
    logger,
    onFailure: (part) => metrics.failures.inc({ part }),
  });
  const close = async () => {
    channels.close();
    await bus.close();
  };
  return componentOf('alerting', [worker, ...leased], { close });
}

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics registry of one process. Every metric of ours is named `beacontower_<component>_<what>_<unit>`. */
export function createRegistry(labels: Record<string, string>, processMetrics = true): Registry {
  const registry = new Registry();
  registry.setDefaultLabels(labels);
  if (processMetrics) collectDefaultMetrics({ register: registry });
  return registry;
}

/** A counter registered under `beacontower_<name>_total`, or the one already there. */
export function counter<L extends string = never>(registry: Registry, name: string, help: string, labelNames: L[] = []): Counter<L> {
  const full = `beacontower_${name}_total`;
  return (
    (registry.getSingleMetric(full) as Counter<L> | undefined) ?? new Counter<L>({ name: full, help, labelNames, registers: [registry] })
  );
}

/** A gauge registered under `beacontower_<name>`, or the one already there. */
export function gauge<L extends string = never>(registry: Registry, name: string, help: string, labelNames: L[] = []): Gauge<L> {
  const full = `beacontower_${name}`;
  return (registry.getSingleMetric(full) as Gauge<L> | undefined) ?? new Gauge<L>({ name: full, help, labelNames, registers: [registry] });
}

/** A histogram of seconds registered under `beacontower_<name>_seconds`, or the one already there. */
export function durations<L extends string = never>(registry: Registry, name: string, help: string, labelNames: L[] = []): Histogram<L> {
  const full = `beacontower_${name}_seconds`;
  const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30];
  return (
    (registry.getSingleMetric(full) as Histogram<L> | undefined) ??
    new Histogram<L>({ name: full, help, labelNames, buckets, registers: [registry] })
  );
}

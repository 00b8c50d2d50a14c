import type { Component, Health } from './component.ts';

/** From well to worst. */
const STATUSES = ['ok', 'starting', 'degraded', 'failed'] as const satisfies readonly Health['status'][];

/** As well as the worst of the parts, with the names of those that are not well. */
export function worstOf(parts: readonly Component[]): Health {
  const bad = parts.map((part) => ({ name: part.name, health: part.health() })).filter(({ health }) => health.status !== 'ok');
  const worst = Math.max(0, ...bad.map(({ health }) => STATUSES.indexOf(health.status)));
  const status = STATUSES[worst] ?? 'failed';
  if (status === 'ok') return { status };
  return { status, detail: bad.map(({ name, health }) => `${name}: ${health.detail ?? health.status}`).join('; ') };
}

export interface PartsOptions {
  /** How well the whole is; as well as the worst of its parts unless told. */
  readonly health?: () => Health;
  /** Called when all parts are stopped, to close what they shared. */
  readonly close?: () => Promise<void>;
}

/** A component made of parts, which are started in order and stopped in reverse. */
export function componentOf(name: string, parts: readonly Component[], options: PartsOptions = {}): Component {
  return {
    name,
    async start() {
      for (const part of parts) await part.start();
    },
    async stop() {
      for (const part of [...parts].reverse()) await part.stop();
      await options.close?.();
    },
    health: options.health ?? (() => worstOf(parts)),
  };
}

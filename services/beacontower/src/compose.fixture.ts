/** What docker-compose.yml says, for the tests that hold it against the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const Service = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  user: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()), interval: z.string(), timeout: z.string(), retries: z.number() }).optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  restart: z.string(),
});
export type ComposeService = z.infer<typeof Service>;

const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.looseObject({})),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

/**
 * The file as an engine reads it where nothing is set: anchors and merge keys resolved, then `${NAME:-default}` as its default, `${NAME:+value}`
 * as nothing, and `$$` as `$`.
 */
export function readCompose(): z.infer<typeof Compose> {
  return Compose.parse(interpolated(parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true })));
}

function interpolated(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\$\{[A-Z_]+:(?:-([^}]*)|\+[^}]*)\}/g, '$1').replaceAll('$$', '$');
  if (Array.isArray(value)) return value.map(interpolated);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, interpolated(inner)]));
}

/** The role that a service runs; undefined for `apply` and the servers of others. */
export function roleOf(service: ComposeService): string | undefined {
  return service.build !== undefined && service.command?.[0] === 'run' ? service.command[1] : undefined;
}

import type { Page } from 'playwright-core';
import type { Stack } from './stack.ts';

/** Who looks at a page: each of the three administrators, the first of whom here is the duty manager too. */
export type Who = 'manager' | 'security' | 'audit';

/** A page as it is looked at: what the screenshot is called, its address, who looks, and what is opened above it. */
export interface Shown {
  readonly name: string;
  readonly path: string;
  readonly who?: Who;
  readonly open?: (page: Page) => Promise<void>;
}

/** Every page of the console, of objects and incidents one each; those of incidents only where there is one. */
export async function allPages(stack: Stack): Promise<Shown[]> {
  const { api } = stack.stand.product;
  const [objects, incidents] = await Promise.all([api.objects(), api.incidents()]);
  const kinds = new Map(objects.map(({ id, kind }) => [kind, id]));
  return [
    ...[
      'wall',
      'objects',
      'incidents',
      'nodes',
      'deliveries',
      'plans',
      'availability',
      'periods',
      'reports',
      'coverage',
      'health',
      'me',
    ].map((name) => ({
      name,
      path: `/${name}`,
    })),
    { name: 'configuration', path: '/configuration' },
    { name: 'configuration-plan', path: '/configuration?tab=plan' },
    { name: 'accounts', path: '/accounts' },
    { name: 'accounts-rights', path: '/accounts', who: 'security' },
    { name: 'accounts-sessions', path: '/accounts?tab=sessions', who: 'security' },
    { name: 'accounts-policy', path: '/accounts?tab=policy', who: 'security' },
    { name: 'audit', path: '/audit', who: 'audit' },
    { name: 'silences', path: '/plans?tab=silences' },
    { name: 'duty', path: '/plans?tab=duty' },
    { name: 'nothing-there', path: '/me/nothing' },
    { name: 'not-found', path: '/objects/none:such' },
    ...[...kinds].map(([kind, id]) => ({ name: `object-${kind}`, path: `/objects/${encodeURIComponent(id)}` })),
    { name: 'objective', path: '/availability/everything' },
    ...incidents.slice(0, 1).map(({ id }) => ({ name: 'incident', path: `/incidents/${id}` })),
  ];
}

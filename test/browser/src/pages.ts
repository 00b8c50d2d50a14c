import type { Stack } from './stack.ts';

/** A page that everybody who may read can open: what the screenshot is called, and its address. */
export interface Shown {
  readonly name: string;
  readonly path: string;
}

/** Every page of the console, of objects and incidents one each; those of incidents only where there is one. */
export async function allPages(stack: Stack): Promise<Shown[]> {
  const { api } = stack.stand.product;
  const [objects, incidents] = await Promise.all([api.objects(), api.incidents()]);
  const kinds = new Map(objects.map(({ id, kind }) => [kind, id]));
  return [
    ...['wall', 'objects', 'incidents', 'deliveries', 'plans', 'availability', 'periods', 'reports', 'coverage', 'health', 'me'].map(
      (name) => ({
        name,
        path: `/${name}`,
      }),
    ),
    { name: 'configuration', path: '/configuration' },
    { name: 'configuration-plan', path: '/configuration?tab=plan' },
    { name: 'accounts', path: '/accounts' },
    { name: 'not-found', path: '/objects/none:such' },
    ...[...kinds].map(([kind, id]) => ({ name: `object-${kind}`, path: `/objects/${encodeURIComponent(id)}` })),
    { name: 'objective', path: '/availability/everything' },
    ...incidents.slice(0, 1).map(({ id }) => ({ name: 'incident', path: `/incidents/${id}` })),
  ];
}

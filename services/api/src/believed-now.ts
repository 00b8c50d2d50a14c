import { type Believed, readBelieved } from '@beacontower/database';
import type { RouteContext } from './context.ts';

/** What is believed at this moment of the states on record, by how finely the objects there are now are looked at. */
export async function believedNow({ database, objects, clock }: Pick<RouteContext, 'database' | 'objects' | 'clock'>): Promise<Believed> {
  await objects.read();
  return readBelieved(database, objects.resolutions, clock.now());
}

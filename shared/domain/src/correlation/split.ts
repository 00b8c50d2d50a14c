import { placeOf, touch, type World } from './world.ts';

/**
 * A person says that the trouble of these symptoms is not the incident's: each alarms on its own at the next `settle`, and never joins
 * that incident again while it goes on. Returns those that are no symptoms of it (any more): nothing is done about them.
 */
export function splitOff(world: World, incident: string, objects: readonly string[]): string[] {
  const refused: string[] = [];
  for (const id of objects) {
    if (world.symptomOf.get(id) !== incident || placeOf(world, id) !== incident) {
      refused.push(id);
      continue;
    }
    keepApart(world, id, incident);
    touch(world, id);
  }
  return refused;
}

/** Keeps an object out of an incident (also when memory is rebuilt from the record). */
export function keepApart(world: World, id: string, incident: string): void {
  const incidents = world.apart.get(id);
  if (incidents) incidents.add(incident);
  else world.apart.set(id, new Set([incident]));
}

/** An incident is over: nobody has to be kept out of it. */
export function endApart(world: World, incident: string): void {
  for (const [id, incidents] of world.apart) if (incidents.delete(incident) && incidents.size === 0) world.apart.delete(id);
}

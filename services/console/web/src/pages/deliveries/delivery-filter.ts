/** Which messages the page shows, as its address says. */
import type { Delivery } from '@beacontower/contracts';

export const STATES = [
  'dead',
  'uncertain',
  'retrying',
  'sending',
  'pending',
  'waiting',
  'withheld',
  'grouped',
  'delivered',
  'cancelled',
] as const satisfies readonly Delivery['state'][];

export interface DeliveryFilter {
  readonly state: Delivery['state'] | null;
  readonly channel: string | null;
  readonly contact: string | null;
  readonly incident: string | null;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The filter of an address; what cannot be asked for is left out. */
export function filterOf(parameters: URLSearchParams): DeliveryFilter {
  const text = (key: string) => parameters.get(key)?.slice(0, 200) || null;
  const incident = text('incident');
  return {
    state: STATES.find((state) => state === parameters.get('state')) ?? null,
    channel: text('channel'),
    contact: text('contact'),
    incident: incident !== null && UUID.test(incident) ? incident : null,
  };
}

/** The address of a filter. */
export function addressOf(filter: DeliveryFilter): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) if (value !== null) parameters.set(key, value);
  return parameters;
}

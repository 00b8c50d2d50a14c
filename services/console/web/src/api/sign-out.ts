import type { SessionView, SignInWays } from '@beacontower/contracts';
import { get, send } from './client.ts';

/**
 * Signs out here; somebody who came by the identity provider is then sent there to sign out too, or the next press of "sign in" would
 * let anybody at this desk in again. True: the browser is on its way there.
 */
export async function signOutWholly(method: SessionView['method'] | null): Promise<boolean> {
  await send('DELETE', '/session');
  if (method !== 'oidc') return false;
  const ways = await get<SignInWays>('/session/ways').catch(() => null);
  if (ways?.oidc == null) return false;
  window.location.assign(ways.oidc.end);
  return true;
}

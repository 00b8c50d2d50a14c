import type { CreatedInvitation, EnrolmentView, Invitation, ListedNode, NewInvitation, NodeDetail, Page } from '@beacontower/contracts';
import { get, send } from '../../api/client.ts';

const at = (id: string) => encodeURIComponent(id);

export const readNodes = (cursor: string | null, signal: AbortSignal): Promise<Page<ListedNode>> =>
  get('/nodes', { cursor, limit: 200 }, signal);
export const readNode = (id: string, signal: AbortSignal): Promise<NodeDetail> => get(`/nodes/${at(id)}`, {}, signal);

export const readInvitations = (signal: AbortSignal): Promise<Page<Invitation>> => get('/federation/invitations', { limit: 200 }, signal);
export const invite = (invitation: NewInvitation): Promise<CreatedInvitation> => send('POST', '/federation/invitations', invitation);
export const withdraw = (id: string): Promise<unknown> => send('DELETE', `/federation/invitations/${at(id)}`);

export const readRequests = (signal: AbortSignal): Promise<Page<EnrolmentView>> => get('/federation/requests', { limit: 200 }, signal);
export const approve = (id: string, code: string): Promise<EnrolmentView> =>
  send('POST', `/federation/requests/${at(id)}/approve`, { code });
export const refuse = (id: string, reason: string): Promise<EnrolmentView> =>
  send('POST', `/federation/requests/${at(id)}/refuse`, { reason });
export const revoke = (node: string, reason: string): Promise<unknown> => send('POST', `/federation/nodes/${at(node)}/revoke`, { reason });

import { ParentRefused, ParentUnclear } from './client.ts';
import { HistoryDiffers } from './link.ts';

/** Why a call to the node above failed: a code of the protocol, or one of ours, and what is told to people. */
export function faultOf(error: unknown): { readonly code: string; readonly detail: string } {
  if (error instanceof ParentRefused) return { code: error.code, detail: error.message };
  if (error instanceof ParentUnclear) return { code: 'unclear', detail: error.message };
  if (error instanceof HistoryDiffers) return { code: 'history-differs', detail: error.message };
  const { code, message } = error as { code?: string; message?: string };
  return { code: 'unreachable', detail: `the node above is not reached: ${code ?? message ?? 'no answer'}` };
}

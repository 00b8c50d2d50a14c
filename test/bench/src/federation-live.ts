import { LiveEvent } from '@beacontower/contracts';

/** A client of the live stream that notes how late each change of state came: by object, ms since it happened. */
export interface LiveStates {
  readonly latencies: Map<string, number>;
  close(): void;
}

/** Resolves when the stream is open. */
export async function openLiveStates(url: string, token: string): Promise<LiveStates> {
  const abort = new AbortController();
  const answer = await fetch(`${url}/api/v1/live?types=state`, { headers: { authorization: `Bearer ${token}` }, signal: abort.signal });
  if (!answer.ok || answer.body === null) throw new Error(`the live stream was answered ${answer.status}`);
  const latencies = new Map<string, number>();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const read = async () => {
    let rest = '';
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      const now = Date.now();
      const events = (rest + value).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) note(event, now);
    }
  };
  const note = (event: string, now: number) => {
    const data = event.split('\n').find((each) => each.startsWith('data: '));
    if (data === undefined) return;
    const parsed = LiveEvent.parse(JSON.parse(data.slice('data: '.length)));
    if (parsed.type === 'state') latencies.set(parsed.object, now - Date.parse(parsed.at));
  };
  read().catch((error: unknown) => {
    if (!abort.signal.aborted) process.stderr.write(`the live stream broke off: ${String(error)}\n`);
  });
  return { latencies, close: () => abort.abort() };
}

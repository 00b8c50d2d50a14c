import { rankNames } from './rank-names.ts';

// Apart from the page: what takes long must hold up neither a key stroke nor the scrolling.
self.addEventListener('message', ({ data }: MessageEvent<{ names: readonly string[]; language: string }>) => {
  const rank = rankNames(data.names, data.language);
  self.postMessage(rank, { transfer: [rank.buffer] });
});

import type { Verdict } from '@beacontower/domain';

/** Colours of documents and charts: few, and told apart in grey by how light they are. As CSS writes them. */
export const COLOURS = {
  ink: '#1a1a1a',
  quiet: '#5a5f66',
  rule: '#b8bec6',
  zebra: '#f3f5f8',
  head: '#1f3a5f',
  headText: '#ffffff',
  figure: '#4f7cac',
  bounds: '#1a1a1a',
  target: '#9b2226',
} as const;

/** A verdict is told by its word and mark; the colours only help. `bar`: of a chart, light, dark and white in grey. */
export const VERDICTS: Readonly<
  Record<Verdict, { readonly mark: string; readonly text: string; readonly fill: string; readonly bar: string }>
> = {
  met: { mark: '✓', text: '#14532d', fill: '#e6f2ea', bar: '#8fb3d5' },
  missed: { mark: '×', text: '#8c1d18', fill: '#f9e3e1', bar: '#8c1d18' },
  undecided: { mark: '?', text: '#6b4e00', fill: '#fbf1d6', bar: '#ffffff' },
};

import type { ChannelBody } from '@beacontower/contracts';
import type { IncidentMessage } from '../message.ts';
import type { SecretResolver } from '../ports.ts';

/** One message to one address, and how it is to be sent. */
export interface Outgoing<C extends ChannelBody = ChannelBody> {
  readonly channel: C;
  readonly delivery: string;
  /** The delivery that told of the same incident before, to thread by; null for the first. */
  readonly follows: string | null;
  /** From 1. */
  readonly attempt: number;
  readonly step: 'opened' | 'escalated' | 'resolved';
  readonly address: string | null;
  readonly language: 'zh' | 'en';
  readonly timeZone: string;
  readonly message: IncidentMessage;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * What became of an attempt. `retry`: surely not taken, try again; `rejected`: refused for good; `in-doubt`: it may have been
 * taken. `response` is what the receiver said, shortened; `error` is for people; neither holds a secret.
 */
export interface SendResult {
  readonly outcome: 'delivered' | 'retry' | 'rejected' | 'in-doubt';
  /** HTTP or SMTP code. */
  readonly status: number | null;
  readonly response: string | null;
  readonly error: string | null;
  /** What the receiver asked us to wait, ms. */
  readonly retryAfterMs: number | null;
}

/** One kind of channel. `send` resolves within the channel's `timeoutMs` and rejects only when the channel cannot be used as it is set up. */
export interface ChannelSender<C extends ChannelBody = ChannelBody> {
  send(outgoing: Outgoing<C>): Promise<SendResult>;
  /** What is done with an attempt whose fate is unknown: sent again, or left as uncertain. */
  inDoubt(channel: C): 'resend' | 'leave';
  close(): void;
}

export interface ChannelDependencies {
  readonly secrets: SecretResolver;
}

/** Shortens and cleans what a receiver said for the record: no control characters, at most 500 characters. */
export function shortened(text: string): string {
  const clean = [...text]
    .map((character) => (character < ' ' || character === '\u007f' ? ' ' : character))
    .join('')
    .trim();
  return clean.length > 500 ? `${clean.slice(0, 500)}…` : clean;
}

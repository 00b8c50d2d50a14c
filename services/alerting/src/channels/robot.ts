import type { SecretReference } from '@beacontower/contracts';
import type { SendResult } from '@beacontower/mail';
import { type BodyVerdict, keysOf, resultOf, unusable } from './answer.ts';
import { exchange } from './http.ts';

/** What all group robots have in common in the configuration. */
interface RobotChannel {
  readonly timeoutMs: number;
  readonly allowLocal: boolean;
  readonly ca: SecretReference | null;
}

/** Robots answer 200 to everything, and what they mean by a code: `limited` too often (worth a pause, ms), `message` refused for good. */
export interface RobotCodes {
  readonly limited: ReadonlySet<number>;
  readonly pauseMs: number;
  /** The message itself is refused: it would be again. Every other code is the robot's, which a person can put right. */
  readonly message: ReadonlySet<number>;
}

export interface RobotRequest {
  readonly url: string;
  readonly body: unknown;
  readonly ca: string | null;
  readonly codes: RobotCodes;
  /** Secrets that were used. */
  readonly hidden: readonly string[];
  readonly now: number;
}

/** Posts to a group robot, whose URL is itself a secret, and judges what it answers. */
export async function postToRobot(channel: RobotChannel, { url, body, ca, codes, hidden, now }: RobotRequest): Promise<SendResult> {
  if (!URL.canParse(url) || !/^https?:/.test(url)) return unusable('what the secret of the channel holds is no http or https URL');
  const sent = JSON.stringify(body);
  const answer = await exchange({
    url: new URL(url),
    method: 'POST',
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'User-Agent': 'Beacontower/1' },
    body: sent,
    timeoutMs: channel.timeoutMs,
    allowLocal: channel.allowLocal,
    ca,
  });
  const judgeBody = (text: string, whole: boolean) => judgeAnswer(text, whole, codes);
  return resultOf(answer, { now, sent, hidden: [...hidden, url, ...keysOf(url)], judgeBody });
}

function judgeAnswer(text: string, whole: boolean, codes: RobotCodes): BodyVerdict {
  const answer = answerOf(text);
  if (answer === null) {
    // Taken or not: an answer that breaks off does not say.
    if (!whole) return { outcome: 'in-doubt', error: 'the answer of the robot broke off', retryAfterMs: null };
    return { outcome: 'retry', error: 'what answered is not the robot: its answer holds no code', retryAfterMs: null };
  }
  const { code, said } = answer;
  if (code === 0) return null;
  const error = `the robot answered ${code}${said === '' ? '' : `: ${said}`}`;
  if (codes.limited.has(code) || /too many request|frequency limited|too fast/i.test(said)) {
    return { outcome: 'retry', error, retryAfterMs: codes.pauseMs };
  }
  return { outcome: codes.message.has(code) ? 'rejected' : 'retry', error, retryAfterMs: null };
}

/** `errcode` and `errmsg` (WeCom, DingTalk), `code` and `msg`, or what came before them, `StatusCode` and `StatusMessage` (Feishu). */
function answerOf(text: string): { code: number; said: string } | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const fields: Partial<Record<string, unknown>> = { ...parsed };
  const code = [fields.errcode, fields.code, fields.StatusCode].find((value) => typeof value === 'number');
  const said = [fields.errmsg, fields.msg, fields.StatusMessage].find((value) => typeof value === 'string');
  return typeof code === 'number' ? { code, said: said ?? '' } : null;
}

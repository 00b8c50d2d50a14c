import { ChannelBody, type Report } from '@beacontower/contracts';
import {
  type ClaimedReportMail,
  claimReportMail,
  type Database,
  findReport,
  type LeasedWork,
  readArtifact,
  readCurrentEntities,
  readLostReportMails,
  recordReportMail,
  reportArtifact,
} from '@beacontower/database';
import { type Attachment, type EmailChannel, judgeAttempt, type MailResult, type SecretResolver, sendMail } from '@beacontower/mail';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { ReportingConfig } from '../config.ts';
import type { ReportingMetrics } from '../metrics.ts';
import { mailText } from './content.ts';

/** No channel waits longer for its relay. */
const LONGEST_SEND_MS = 300_000;

export interface ReportMailerDependencies {
  readonly database: Database;
  readonly secrets: SecretResolver;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ReportingMetrics;
  readonly random: () => number;
  readonly claimant: string;
}

/** Under its lease: sends the mails that are due, one after the other. A row ends only with its result. */
export class ReportMailer implements LeasedWork {
  readonly name = 'report-mailer';
  readonly lease = 'report-mails';
  readonly pauseMs: number;
  readonly #config: ReportingConfig;
  readonly #deps: ReportMailerDependencies;
  #inherited = false;
  /** What became of a mail when PostgreSQL was not there to record it: what was delivered is not to be sent again. */
  #unrecorded: { readonly mail: ClaimedReportMail; readonly result: MailResult } | undefined;

  constructor(config: ReportingConfig, deps: ReportMailerDependencies) {
    this.#config = config;
    this.pauseMs = config.mailMs;
    this.#deps = deps;
  }

  async pass(): Promise<LoopResult> {
    const { database, clock, claimant } = this.#deps;
    await this.#recordOwn();
    const now = clock.now();
    await this.#settleLost(now);
    const lapsesAt = now + LONGEST_SEND_MS + this.#config.claimMarginMs;
    const mail = await claimReportMail(database, { by: claimant, now, lapsesAt });
    if (!mail) return 'pause';
    this.#unrecorded = { mail, result: await this.#send(mail) };
    await this.#recordOwn();
    return 'again';
  }

  async #recordOwn(): Promise<void> {
    if (this.#unrecorded) await this.#record(this.#unrecorded.mail, this.#unrecorded.result);
    this.#unrecorded = undefined;
  }

  /** What a process that is gone was sending may have arrived: it is in doubt, and the channel says what is done with that. */
  async #settleLost(now: number): Promise<void> {
    const { database, claimant } = this.#deps;
    const slot = this.#inherited ? null : this.#config.instance;
    for (const mail of await readLostReportMails(database, { now, slot, by: claimant })) {
      const error = 'the process that was sending it ended before the result was known';
      await this.#record(mail, {
        outcome: 'in-doubt',
        status: null,
        response: null,
        error,
        retryAfterMs: 0,
        digest: null,
        tooLarge: false,
      });
    }
    this.#inherited = true;
  }

  async #send(mail: ClaimedReportMail): Promise<MailResult> {
    const channel = channelOf(mail);
    if (channel === null) return refused(`the e-mail channel "${mail.channel}" is no longer in the inventory`);
    try {
      const report = await findReport(this.#deps.database, mail.report, ['']);
      if (!report) return refused('the report is gone');
      const fitting = this.#fitting(report, mail);
      const first = await this.#sendWith(mail, channel, report, fitting);
      // The relay takes mail, but none of this size: it is told where the files are.
      return first.tooLarge && fitting.length > 0 ? await this.#sendWith(mail, channel, report, []) : first;
    } catch (error) {
      // It could not even be tried (a secret is missing, PostgreSQL is away): that may be put right while it is tried again.
      return { ...refused(error instanceof Error ? error.message : String(error)), outcome: 'retry' };
    }
  }

  /** Files in the mail's language, as many as fit, the smallest first. */
  #fitting(report: Report, { language }: ClaimedReportMail): Report['files'] {
    let left = this.#config.mostAttachedBytes;
    return report.files
      .filter((file) => file.language === language)
      .sort((a, b) => a.size - b.size)
      .filter((file) => {
        left -= file.size;
        return left >= 0;
      });
  }

  async #sendWith(mail: ClaimedReportMail, channel: EmailChannel, report: Report, files: Report['files']): Promise<MailResult> {
    const { database, clock, secrets } = this.#deps;
    const { id, language, address } = mail;
    const attachments: Attachment[] = [];
    for (const { format, name, mediaType } of files) {
      const artifact = await reportArtifact(database, report.id, format, language);
      if (artifact === undefined) continue;
      const chunks: Uint8Array[] = [];
      for await (const chunk of readArtifact(database, artifact)) chunks.push(chunk);
      attachments.push({ name, mediaType, content: Buffer.concat(chunks) });
    }
    const attached = attachments.map(({ name }) => name);
    const own = report.files.filter((file) => file.language === language).map(({ name }) => name);
    const schedules = await readCurrentEntities(database, 'report-schedule');
    const scheduleName = schedules.find((schedule) => schedule.id === report.schedule)?.name ?? report.schedule ?? '';
    const left = own.filter((name) => !attached.includes(name));
    const text = mailText({ report, scheduleName, language, attached, left });
    const headers = { 'X-Beacontower-Report': report.id };
    return sendMail(channel, address, { id, follows: null, ...text, headers, attachments, date: clock.now() }, secrets);
  }

  async #record(mail: ClaimedReportMail, result: MailResult): Promise<void> {
    const { database, clock, metrics, logger, random } = this.#deps;
    const now = clock.now();
    const channel = channelOf(mail);
    const verdict = judgeAttempt(result, {
      attempts: mail.attempt,
      maxAttempts: channel?.maxAttempts ?? 1,
      inDoubt: channel?.inDoubt ?? 'leave',
      random: random(),
    });
    const { id, attempt } = mail;
    const error = verdict.state === 'delivered' ? null : result.error;
    await recordReportMail(database, { id, attempt, state: verdict.state, error, dueAt: now + verdict.pauseMs, now });
    metrics.mails.inc({ outcome: result.outcome });
    if (verdict.state !== 'delivered')
      logger.warn({ mail: id, report: mail.report, state: verdict.state, reason: result.error }, 'a report was not sent');
  }
}

function channelOf(mail: ClaimedReportMail): EmailChannel | null {
  const channel = ChannelBody.safeParse(mail.channelBody).data;
  return channel?.kind === 'email' ? channel : null;
}

function refused(error: string): MailResult {
  return { outcome: 'rejected', status: null, response: null, error, retryAfterMs: null, digest: null, tooLarge: false };
}

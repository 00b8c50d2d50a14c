export * from './mails.ts';
export * from './report-jobs.ts';
export * from './reports.ts';

export * from './causes.ts';
export * from './mails.ts';
export * from './names.ts';
export * from './order.ts';
export * from './report-jobs.ts';
export * from './reports.ts';

export { createReporting } from './app.ts';
export { type MadeFile, makeReport } from './make.ts';

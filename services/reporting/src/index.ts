export { createReporting } from './app.ts';

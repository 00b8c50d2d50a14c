export { createConditions } from './app.ts';

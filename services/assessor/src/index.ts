export { createAssessor } from './app.ts';

export { createRecorder, type RecorderDependencies } from './app.ts';
export type { RecorderConfig } from './config.ts';

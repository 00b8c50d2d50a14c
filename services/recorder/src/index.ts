export { createRecorder, type RecorderDependencies } from './app.ts';
export type { RecorderConfig } from './config.ts';
export { RemoteSamples } from './remote.ts';

/** First parts of the addresses of the console's pages. What is not among them is no page: the API answers for it. */
export const SECTIONS = [
  'sign-in',
  'wall',
  'objects',
  'incidents',
  'nodes',
  'deliveries',
  'plans',
  'availability',
  'periods',
  'reports',
  'coverage',
  'health',
  'audit',
  'configuration',
  'accounts',
  'me',
] as const;

/** What `beacontower federation --help` says. */
export const FEDERATION_DETAILS: readonly string[] = [
  'At a node that others report to:',
  'federation invite NODE --division PATH --name NAME [--hours 72] [--url URL]   a one-time token, shown this once',
  'federation invitations                      who was invited',
  'federation requests [--all]                 who asks to be let in',
  'federation approve NODE --code NNNN-NNNN    let in: with the code that the node shows, read out by telephone',
  'federation refuse NODE --reason TEXT        its token is used up',
  'federation revoke NODE --reason TEXT        put out at once: certificates, connections, invitations',
  'federation nodes                            those that report here, and how their links stand',
  'At a node that reports to another:',
  'federation join TOKEN [--no-wait]           ask to be let in; the same again asks the same',
  'federation status                           the node above, and how much it has',
  'federation leave                            report no more',
  '',
  'BEACONTOWER_FEDERATION_LISTEN  HOST:PORT where nodes below report to (default: none do)',
  'BEACONTOWER_FEDERATION_NAMES   host names and addresses by which they reach it, separated by commas; the first stands in invitations',
  '--data DIR       data directory of the node (default: as for up)',
];

/** What `beacontower alert --help` says. */
export const ALERT_DETAILS = [
  'explain           who would be told of an event, by which route, when and by what channel; who not, and why; nothing is sent',
  '  --object ID       an object, by its id (the node may be left out); its class, division and party are known',
  '  --incident N      an incident, by its number or id',
  '  --class CLASS --division PATH --party ID   an event that is made up; or what differs from the object or incident',
  '  --severity S      critical, major, minor, warning (default: that of an outage of the class)',
  '  --kind KIND       outage, early-warning, condition, flapping (default: outage)',
  'on-call           who is on duty now in every rota, and who comes next',
  '  ROTA…             these alone, with their schedule for --days N (default: 14), and when nobody is on duty',
  '--at T            at another time: 2026-03-01 or 2026-03-01T08:00:00Z (default: now)',
  '--config PATH     by configuration files that need not be applied, without a node; may be repeated',
  '--data DIR        data directory of the node (default: as for up)',
];

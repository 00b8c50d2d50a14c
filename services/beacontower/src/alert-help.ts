/** What `beacontower alert --help` says. */
export const ALERT_DETAILS = [
  'explain           who would be told of an event, by which route, when and by what channel; who not, and why; nothing is sent',
  '  --object ID       an object, by its id (the node may be left out); its class, division and party are known',
  '  --incident N      an incident, by its number or id',
  '  --class CLASS --division PATH --party ID   an event that is made up; or what differs from the object or incident',
  '  --severity S      critical, major, minor, warning (default: that of an outage of the class)',
  '  --kind KIND       outage, early-warning, condition, flapping, link (default: outage)',
  'on-call           who is on duty now in every rota, and who comes next',
  '  ROTA…             these alone, with their schedule for --days N (default: 14), and when nobody is on duty',
  'preview           a made-up message in the words it would have; nothing is sent',
  '  --channel ID      as this channel would send it, by its template (default: as mail, robot and gateway)',
  '  --template ID     in the words of this template',
  '  --step STEP --kind KIND --incidents N   opened, repeated, resolved, …; outage, condition, …; how many it tells of (default: 1)',
  '--at T            at another time: 2026-03-01 (midnight UTC), 2026-03-01T08:00:00Z or 2026-03-01T16:00+08:00 (default: now)',
  '--config PATH     by configuration files that need not be applied, without a node; may be repeated',
  '--data DIR        data directory of the node (default: as for up)',
];

/** What `beacontower report --help` says of making reports. */
export const REPORT_DETAILS = [
  'create            makes a report right here and writes its files; nothing but PostgreSQL has to run',
  '  --period PERIOD   2018-H1, 2018-Q3, 2018-07, 2018-W27, 2018-07-01 or 2018; or --from T --to T (of --time-zone, else UTC)',
  '  --time-zone ZONE  of the period (default: that of the node)',
  '  --division PATH   what it is about (default: the division of the node)',
  '  --objective ID    may be repeated (default: every objective of the division)',
  '  --language zh|en  may be repeated (default: that of the node)',
  '  --format FORMAT   docx, pdf, xlsx or csv; may be repeated (default: all)',
  '  --out DIR         where the files go (default: here); --data DIR: data directory of the node',
  'list              the reports that were asked for by the API or by schedules; --limit N (default: 20)',
];

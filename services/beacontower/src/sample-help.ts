/** What `beacontower samples --help` says; apart from the commands, which load the engines of the store. */
export const SAMPLES_DETAILS = [
  'samples export: raw samples as they were taken, increments and not rates, one row per check and sample',
  '  --from T, --to T      a day (midnight UTC) or a time such as 2026-03-01T08:00:00Z; --to is not included',
  '  --samples KIND        interfaces or icmp',
  '  --format FORMAT       parquet or csv (default: by the end of the file name, else parquet)',
  '  --out FILE            a file that is not there yet',
  '  --object ID           only of this object; of a device with --samples interfaces: all its interfaces; may be repeated',
  '  --data DIR            data directory of the node (default: as for up)',
  '  A running node writes the file itself, on its own host; else the store is opened here.',
  '',
  'samples migrate: copies raw samples from DuckDB into InfluxDB, also while the node runs',
  '  --to URL              influxdb://HOST:PORT/DATABASE?org=ORG; BEACONTOWER_SAMPLES_TOKEN is its token',
  '  --from T, --to-time T only this period (default: all there is; an interrupted migration goes on where it was)',
  '  --data DIR            data directory of the node (default: as for up)',
  '  Afterwards set BEACONTOWER_SAMPLES_URL and restart; run it once more for what came in between.',
];

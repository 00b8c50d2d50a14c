/** What `beacontower import --help` says. */
export const IMPORT_DETAILS = [
  'import inventory FILE   what objects there were before, and when: id,from and to,name,kind,class,division,party,weight',
  'import outages FILE     what they did: object,from,to and state,cause_category,charged_party,cause_object,incident,planned,note,edge_seconds',
  '',
  '--dry-run               check everything, show what would be written, and write nothing',
  '--from T --to T         outages: the stretch for which the record is complete; between outages the objects were up in it',
  '--covers WHAT           outages: for which objects: named (in the file, the default), all, class=CLASS, division=PATH; may be repeated',
  '--edge SECONDS          outages: how far the edge of an outage may be from its time (default: 0, times are exact)',
  '--resolution SECONDS    outages: the shortest outage that the record is sure to hold (default: 0, every one)',
  '--time-zone ZONE        of times without an offset, such as Asia/Shanghai (default: such times are faults)',
  '--data DIR              data directory of the node (default: as for up)',
  '--language zh|en        language of the words (default: en)',
  '--json                  one JSON document instead of words',
  '',
  'Exit code: 0 imported, shown, or imported before; 1 faults; 2 there is no node yet. On 1 and 2 nothing was changed.',
];

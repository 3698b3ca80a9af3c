/**
 * How a version of an object is written when it ends: what follows from the rest of its row is left out. Names of columns stand
 * without their relation, or with the one that is given.
 */

const CREATED = ['metadata', 'creationTimestamp'];
const POD = [
  CREATED,
  ['metadata', 'labels', 'pod-template-hash'],
  ['spec', 'nodeName'],
  ['status', 'phase'],
  ['status', 'hostIP'],
  ['status', 'podIP'],
];

function valueAt(json: string, path: readonly string[]): string {
  return `${json} #> '{${path.join(',')}}'`;
}

/** The values of an instance in the order of paths, without the paths: a third of its size. */
function valuesAt(instance: string, paths: readonly (readonly string[])[]): string {
  return `jsonb_build_array(${paths.map((path) => valueAt(instance, path)).join(', ')})`;
}

/** The instance of a pod that runs, from the values of {@link POD}. Its one address is written twice. */
function podOf(values: string): string {
  const [created, hash, node, phase, host, address] = POD.map((_path, place) => `${values} -> ${place}`);
  return `jsonb_build_object(
    'metadata', jsonb_build_object('creationTimestamp', ${created}, 'labels', jsonb_build_object('pod-template-hash', ${hash})),
    'spec', jsonb_build_object('nodeName', ${node}),
    'status', jsonb_build_object('phase', ${phase}, 'hostIP', ${host}, 'podIP', ${address},
      'podIPs', jsonb_build_array(jsonb_build_object('ip', ${address}))))`;
}

function createdOf(values: string): string {
  return `jsonb_build_object('metadata', jsonb_build_object('creationTimestamp', ${values} -> 0))`;
}

/** An instance as an array of its values where it is as most are, or itself: nothing is lost, whatever it holds. */
function packed(instance: string): string {
  const created = valuesAt(instance, [CREATED]);
  const pod = valuesAt(instance, POD);
  return `case ${instance} when ${createdOf(created)} then ${created} when ${podOf(pod)} then ${pod} else ${instance} end`;
}

function unpacked(instance: string): string {
  return `case when jsonb_typeof(${instance}) = 'object' then ${instance} when jsonb_array_length(${instance}) = 1 then ${createdOf(instance)}
    else ${podOf(instance)} end`;
}

interface PastColumn {
  /** From a live row. */
  readonly write: (column: string, row: string) => string;
  readonly read: (column: string) => string;
}

const AS_IT_IS: PastColumn = { write: (column) => column, read: (column) => column };

function orElse(other: string): Pick<PastColumn, 'read'> {
  return { read: (column) => `coalesce(${column}, ${other})` };
}

function unlessOf(other: string): PastColumn {
  return { write: (column, row) => `nullif(${column}, ${row}.${other})`, ...orElse(other) };
}

function unlessEmpty(empty: string): PastColumn {
  return { write: (column) => `nullif(${column}, ${empty})`, ...orElse(empty) };
}

/** What a version of the past has. The labels of a pod are in its body and instance; whoever reads them looks there. */
const COLUMNS: Readonly<Record<string, PastColumn>> = {
  cluster_id: AS_IT_IS,
  kind: AS_IT_IS,
  namespace: AS_IT_IS,
  name: AS_IT_IS,
  api_version: AS_IT_IS,
  uid: AS_IT_IS,
  owner_kind: unlessOf('kind'),
  owner_name: unlessOf('name'),
  body_hash: AS_IT_IS,
  kin_hash: AS_IT_IS,
  instance: { write: packed, read: unpacked },
  labels: {
    write: (column, row) => `case when ${row}.kind <> 'Pod' then ${column} end`,
    read: (column) => column,
  },
  is_workload: AS_IT_IS,
  images: unlessEmpty(`'{}'::text[]`),
  service_account: unlessEmpty(`''`),
  team: AS_IT_IS,
  environment: AS_IT_IS,
  criticality: AS_IT_IS,
  first_seen: unlessOf('valid_from'),
  valid_from: AS_IT_IS,
};

/** The columns of a version of the past, but for its end. */
export const PAST_COLUMNS = Object.keys(COLUMNS).join(', ');

/** What is written of a live row into {@link PAST_COLUMNS}. */
export function pastOf(row: string): string {
  return Object.entries(COLUMNS)
    .map(([column, { write }]) => write(`${row}.${column}`, row))
    .join(', ');
}

/** The columns of a live row, read from a version of the past. */
export const READ_PAST = Object.entries(COLUMNS)
  .map(([column, { read }]) => (read === AS_IT_IS.read ? column : `${read(column)} as ${column}`))
  .join(', ');

const NODE_PLACE = POD.findIndex((path) => path.includes('nodeName'));

/** The node of a pod of the past: without the rest of its instance, as many pods are gone through. */
export const NODE_OF_PAST = `case jsonb_typeof(instance) when 'array' then instance ->> ${NODE_PLACE} else instance #>> '{spec,nodeName}' end`;

/** Whether a row belongs to another owner than a row of before, or is a workload where that was none: then that one is a version. */
export function isOwnedOtherwise(row: string, before: string): string {
  const owner = (of: string): string => `(${of}.owner_kind, ${of}.owner_name, ${of}.is_workload)`;
  return `${owner(row)} is distinct from ${owner(before)}`;
}

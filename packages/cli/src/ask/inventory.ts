import { counted } from '@bulwark/formats';
import { type CellValue, defineList } from './asked-list.ts';
import { ageOf, countsText, details, firstOf, inCluster, placeOf, tailOf, worstLabel } from './words.ts';

interface Judged {
  readonly findings: Readonly<Record<'critical' | 'high' | 'medium' | 'low' | 'info', number>>;
}

/** Cells of what is open, by severity. */
export const COUNTS: Readonly<Record<keyof Judged['findings'], (item: Judged) => CellValue>> = {
  critical: ({ findings }) => findings.critical,
  high: ({ findings }) => findings.high,
  medium: ({ findings }) => findings.medium,
  low: ({ findings }) => findings.low,
  info: ({ findings }) => findings.info,
};

/** `bulwark workloads`. */
export const workloads = defineList({
  name: 'workloads',
  plural: 'workloads',
  none: 'No workload.',
  hasPages: true,
  route: 'listWorkloads',
  entries: ({ cluster, resource, owner, images, pods, worst, findings, environment }, around) => [
    {
      ...worstLabel(worst),
      whole: placeOf(cluster, resource, around),
      text: '',
      ...tailOf(countsText(findings)),
    },
    {
      text: details(
        owner ?? 'unowned',
        environment,
        counted(pods, 'pod'),
        images.length > 0 && firstOf(images, 2),
      ),
    },
  ],
  cells: {
    cluster: ({ cluster }) => cluster.name,
    namespace: ({ resource }) => resource.namespace,
    kind: ({ resource }) => resource.kind,
    name: ({ resource }) => resource.name,
    owner: ({ owner }) => owner,
    environment: ({ environment }) => environment,
    criticality: ({ criticality }) => criticality,
    worst: ({ worst }) => worst,
    ...COUNTS,
    pods: ({ pods }) => pods,
    images: ({ images }) => images.join(' '),
    serviceAccount: ({ serviceAccount }) => serviceAccount,
    firstSeen: ({ firstSeen }) => firstSeen,
    changed: ({ changed }) => changed,
  },
});

/** `bulwark namespaces`. */
export const namespaces = defineList({
  name: 'namespaces',
  plural: 'namespaces',
  none: 'No namespace.',
  hasPages: true,
  route: 'listNamespaces',
  entries: ({ cluster, name, owner, worst, findings, enforced, possible, blockedBy, ...item }, around) => [
    {
      ...worstLabel(worst),
      whole: inCluster(cluster, name, around),
      text: '',
      ...tailOf(countsText(findings)),
    },
    {
      text: details(
        owner ?? 'unowned',
        counted(item.workloads, 'workload'),
        enforced === null ? 'enforces no level' : `enforces ${enforced}`,
        item.refusedCount > 0 &&
          `which ${counted(item.refusedCount, 'workload')} would fail at the next rollout`,
        `would pass ${possible}`,
        blockedBy.length > 0 && `the next is blocked by ${firstOf(blockedBy)}`,
        !item.hasPolicies && 'no network policy',
      ),
    },
  ],
  cells: {
    cluster: ({ cluster }) => cluster.name,
    name: ({ name }) => name,
    owner: ({ owner }) => owner,
    environment: ({ environment }) => environment,
    criticality: ({ criticality }) => criticality,
    worst: ({ worst }) => worst,
    ...COUNTS,
    enforced: ({ enforced }) => enforced,
    possible: ({ possible }) => possible,
    blockedBy: ({ blockedBy }) => blockedBy.join(' '),
    refused: ({ refusedCount }) => refusedCount,
    workloads: (item) => item.workloads,
    pods: ({ pods }) => pods,
    hasPolicies: ({ hasPolicies }) => hasPolicies,
    firstSeen: ({ firstSeen }) => firstSeen,
  },
});

/** `bulwark resources`. */
export const resources = defineList({
  name: 'resources',
  plural: 'objects',
  none: 'No object.',
  hasPages: true,
  route: 'listResources',
  entries: ({ cluster, resource, owner, changed, findings }, around) => [
    {
      whole: placeOf(cluster, resource, around),
      text: `(${details(owner ?? 'unowned', `changed ${ageOf(changed, around.now)} ago`)})`,
      ...tailOf(findings === 0 ? '' : counted(findings, 'finding')),
    },
  ],
  cells: {
    cluster: ({ cluster }) => cluster.name,
    namespace: ({ resource }) => resource.namespace,
    kind: ({ resource }) => resource.kind,
    name: ({ resource }) => resource.name,
    apiVersion: ({ resource }) => resource.apiVersion,
    owner: ({ owner }) => owner,
    findings: ({ findings }) => findings,
    firstSeen: ({ firstSeen }) => firstSeen,
    changed: ({ changed }) => changed,
  },
});

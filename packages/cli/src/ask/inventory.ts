import type { ChangeItem } from '@bulwark/api';
import { counted } from '@bulwark/formats';
import { type CellValue, defineList } from './asked-list.ts';
import {
  ageOf,
  countsText,
  details,
  firstOf,
  inCluster,
  minuteOf,
  placeOf,
  tailOf,
  worstLabel,
} from './words.ts';

interface Judged {
  readonly findings: Readonly<Record<'critical' | 'high' | 'medium' | 'low' | 'info', number>>;
}

const COUNTS: Readonly<Record<keyof Judged['findings'], (item: Judged) => CellValue>> = {
  critical: ({ findings }) => findings.critical,
  high: ({ findings }) => findings.high,
  medium: ({ findings }) => findings.medium,
  low: ({ findings }) => findings.low,
  info: ({ findings }) => findings.info,
};

/** `bulwark workloads`. */
export const workloads = defineList({
  name: 'workloads',
  none: 'No workload.',
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
  none: 'No namespace.',
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
    workloads: (item) => item.workloads,
    pods: ({ pods }) => pods,
    hasPolicies: ({ hasPolicies }) => hasPolicies,
    firstSeen: ({ firstSeen }) => firstSeen,
  },
});

function who({ actor }: ChangeItem): string {
  const { user, impersonatedBy, managers, isUncertain } = actor;
  const told = isUncertain ? ', uncertain' : '';
  if (user !== null) return `by ${impersonatedBy === null ? '' : `${impersonatedBy} as `}${user}${told}`;
  return managers.length > 0 ? `by ${managers.join(', ')}` : 'by whom is not known';
}

/** `bulwark changes`. */
export const changes = defineList({
  name: 'changes',
  none: 'No change.',
  route: 'listChanges',
  entries: (item, around) => [
    {
      label: item.verb.toUpperCase(),
      style: item.opened > 0 ? 'strong' : 'faint',
      whole: placeOf(item.cluster, item.resource, around),
      text: '',
      ...tailOf(
        details(item.opened > 0 && `${item.opened} opened`, item.resolved > 0 && `${item.resolved} resolved`),
      ),
    },
    { text: details(`${minuteOf(item.at)} (${ageOf(item.at, around.now)} ago)`, who(item)) },
  ],
  cells: {
    at: ({ at }) => at,
    cluster: ({ cluster }) => cluster.name,
    verb: ({ verb }) => verb,
    namespace: ({ resource }) => resource.namespace,
    kind: ({ resource }) => resource.kind,
    name: ({ resource }) => resource.name,
    user: ({ actor }) => actor.user,
    isUncertain: ({ actor }) => actor.isUncertain,
    groups: ({ actor }) => actor.groups.join(' '),
    impersonatedBy: ({ actor }) => actor.impersonatedBy,
    address: ({ actor }) => actor.address,
    userAgent: ({ actor }) => actor.userAgent,
    auditId: ({ actor }) => actor.auditId,
    managers: ({ actor }) => actor.managers.join(' '),
    opened: ({ opened }) => opened,
    resolved: ({ resolved }) => resolved,
    id: ({ id }) => id,
  },
});

import { counted } from '@bulwark/formats';
import { defineList } from './asked-list.ts';
import { ageOf, countsText, details, firstOf, inCluster, placeOf, tailOf, worstLabel } from './words.ts';

/** `bulwark workloads`. */
export const workloads = defineList({
  name: 'workloads',
  plural: 'workloads',
  none: 'No workload.',
  hasPages: true,
  route: 'listWorkloads',
  entries: ({ cluster, resource, owner, images, podImages, pods, worst, findings, environment }, around) => [
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
        podImages.length > 0 && `in pods also ${firstOf(podImages, 2)}`,
      ),
    },
  ],
});

/** `bulwark namespaces`. */
export const namespaces = defineList({
  name: 'namespaces',
  plural: 'namespaces',
  none: 'No namespace.',
  hasPages: true,
  route: 'listNamespaces',
  entries: (
    { cluster, name, owner, worst, findings, enforced, enforcedVersion, possible, blockedBy, ...item },
    around,
  ) => [
    {
      ...worstLabel(worst),
      whole: inCluster(cluster, name, around),
      text: '',
      ...tailOf(countsText(findings)),
    },
    {
      text: details(
        owner ?? 'unowned',
        item.workloads === null ? 'how many workloads is not known' : counted(item.workloads, 'workload'),
        enforced === null
          ? 'enforces no level'
          : `enforces ${enforced}${enforcedVersion === null ? '' : ` of v${enforcedVersion}`}`,
        item.refusedCount > 0 &&
          `which ${counted(item.refusedCount, 'workload')} would fail at the next rollout`,
        possible === null ? `what it would pass is not known: ${item.notKnown}` : `would pass ${possible}`,
        blockedBy.length > 0 && `the next is blocked by ${firstOf(blockedBy)}`,
        item.hasPolicies === false && 'no network policy',
        item.hasPolicies === null && 'network policies not seen',
      ),
    },
  ],
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
});

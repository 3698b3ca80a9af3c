import type { QueryList } from '@bulwark/core';

const EXAMPLES: Readonly<Record<QueryList, readonly string[]>> = {
  findings: ['severity:>=high', 'namespace:pay*', '-control:image-*'],
  workloads: ['namespace:pay*', 'image:*nginx*', 'owner:none'],
  resources: ['kind:ClusterRole', 'name:*admin*', 'label:app=*', 'age:>90d'],
  nodes: ['name:*worker*', 'label:pool=*', 'age:>90d'],
  namespaces: ['name:pay*', 'owner:none'],
  exceptions: ['waiting:yes', 'severity:>=high', 'namespace:pay*', 'until:<now+30d'],
  changes: ['kind:ClusterRoleBinding', 'actor:*@example.com', 'age:<1d'],
  secrets: ['used:no', 'expires:<now+30d', 'readable-by:*default*'],
  coverage: ['kind:lost', 'age:>7d'],
  builds: ['verdict:failed', 'age:<1d'],
  controls: ['runs:no', 'framework:cis*', 'severity:>=high'],
  teams: ['mine:yes', 'severity:critical', 'oldest:>30d'],
};

/** What a letter of the query takes, px; and what stands beside the query in its field. */
const LETTER = 7.9;
const BESIDE = 46;

/**
 * What can be asked of a list, as much as a field has room for without cutting a part of it.
 *
 * @param width of the field, px; 0 where it is not known yet.
 */
export function exampleWithin(list: QueryList, width: number): string {
  const [first = '', ...more] = EXAMPLES[list];
  let example = first;
  for (const part of more) {
    if (width > 0 && (example.length + 1 + part.length) * LETTER > width - BESIDE) return example;
    example += ` ${part}`;
  }
  return example;
}

import { ROLES_OF_PEOPLE, type UserItem } from '@bulwark/api';

export type Role = UserItem['role'];
export type Limits = UserItem['limits'];
export type NameOfCluster = (id: number) => string;

/** The roles of tokens in the order in which they are offered: those of people first. */
export const ROLES = [...ROLES_OF_PEOPLE, 'ci', 'audit-log', 'metrics'] as const satisfies readonly Role[];
export const EVERYTHING: Limits = { clusters: 'all', namespaces: 'all' };

/** Neither everything nor a limit: nothing is chosen yet. */
export const NOT_YET: Limits = { clusters: [], namespaces: [] };

/** Whether limits can be given as they stand: with nothing chosen it is not clear whether all or nothing is meant. */
export function areGiven({ clusters, namespaces }: Limits): boolean {
  if (clusters === 'all' && namespaces === 'all') return true;
  return [clusters, namespaces].some((chosen) => chosen !== 'all' && chosen.length > 0);
}

/** Limits as the hub takes them: what is left empty beside a choice is all. */
export function givenOf({ clusters, namespaces }: Limits): Limits {
  return {
    clusters: clusters.length === 0 ? 'all' : clusters,
    namespaces: namespaces.length === 0 ? 'all' : namespaces,
  };
}

const MOST_NAMED = 6;
const LIST = new Intl.ListFormat('en');
const CHOICE = new Intl.ListFormat('en', { type: 'disjunction' });

function named(names: readonly string[], list = LIST): string {
  const more = names.length - MOST_NAMED;
  return list.format(more > 0 ? [...names.slice(0, MOST_NAMED), `${more} more`] : names);
}

/** Namespaces by name, and those that fit patterns: `the namespace shop and every namespace that fits pay*`. */
function spacesText(namespaces: readonly string[]): string {
  const patterns = namespaces.filter((each) => each.includes('*'));
  const names = namespaces.filter((each) => !each.includes('*'));
  return LIST.format([
    ...(names.length === 0 ? [] : [`the namespace${names.length === 1 ? '' : 's'} ${named(names)}`]),
    ...(patterns.length === 0 ? [] : [`every namespace that fits ${named(patterns, CHOICE)}`]),
  ]);
}

/** Limits as a cell of a table shows them. */
export function limitsText({ clusters, namespaces }: Limits, nameOf: NameOfCluster): string {
  if (namespaces === 'all')
    return clusters === 'all' ? 'everywhere' : `all of ${clusters.map(nameOf).join(', ')}`;
  return clusters === 'all'
    ? namespaces.join(', ')
    : `${namespaces.join(', ')} in ${clusters.map(nameOf).join(', ')}`;
}

/** What somebody with a role and limits can see and do, in one sentence. */
export function sightOf(role: Role, limits: Limits, nameOf: NameOfCluster): string {
  const { clusters, namespaces } = limits;
  const hasLimits = clusters !== 'all' || namespaces !== 'all';
  const where = clusters === 'all' ? 'every cluster' : named(clusters.map(nameOf));
  const what =
    namespaces === 'all'
      ? `everything in ${where}`
      : `what is in ${spacesText(namespaces)} of ${where}, nothing that belongs to a cluster as a whole`;
  switch (role) {
    case 'viewer':
      return `Sees ${what}, and decides nothing.`;
    case 'editor':
      return `Sees ${what}, and decides about the findings there.`;
    case 'admin':
      return hasLimits
        ? `Sees ${what}, decides about the findings there, and does not see the settings: who has limits administers nothing.`
        : `Sees ${what}, decides about every finding, and changes the settings.`;
    case 'ci':
      return namespaces === 'all'
        ? 'Records builds, and sees nothing.'
        : `Records builds of objects in ${spacesText(namespaces)}, and sees nothing.`;
    case 'audit-log':
      return namespaces === 'all'
        ? `Delivers the audit log of ${where}, and sees nothing.`
        : 'Can do nothing: an audit log is of all namespaces of a cluster.';
    case 'metrics':
      return hasLimits
        ? 'Can do nothing: metrics are of the whole hub.'
        : 'Reads the metrics of the hub, and sees nothing else.';
  }
}

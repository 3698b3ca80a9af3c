/**
 * Which version of Kubernetes a cluster runs from when on, the first that is known first: what was judged is judged by the version
 * of then. Since when the one that is stored runs is not known; it is kept from when a hub meets the cluster the next time.
 */
export const CLUSTER_VERSIONS = `
alter table cluster add column versions jsonb not null default '[]';
`;

/**
 * Sums of findings at moments of the past, the midnights, so that those of any moment are sums and what moved on one day. What was
 * then never changes, so that they are worked out whenever there is time, and what is missing costs only time.
 */
export const PAST_SUMS = `
-- All sums of a cluster in one row, which compresses well: each place of the arrays is one sum.
create table past_counter (
  cluster_id int not null,
  at timestamptz not null,
  namespaces text[] not null,
  controls text[] not null,
  severities smallint[] not null,
  open int[] not null,
  excepted int[] not null,
  primary key (cluster_id, at)
);
`;

/**
 * The state of each topic that writers announce, so that an answer that was worked out before is known to hold still. Topics of
 * no cluster have the number 0. A state is a name that never comes again, not even in a database that was put back.
 */
export const TOPIC_STATES = `
create table topic_state (
  cluster_id int not null,
  topic text not null,
  state uuid not null,
  primary key (cluster_id, topic)
) with (fillfactor = 50);
`;

/**
 * Fingerprints of version 2 are made of what is not stored: what is stored keeps its former fingerprint until a finding is judged that
 * has that. Here stand all of them, with the one that a finding has by now; null until that is known.
 */
export const FORMER_FINGERPRINTS = `
create table former_fingerprint (
  cluster_id int not null,
  former uuid not null,
  fingerprint uuid,
  primary key (cluster_id, former)
);
create index former_fingerprint_left on former_fingerprint (cluster_id) where fingerprint is null;
-- As an old fingerprint is asked for without its cluster.
create index former_fingerprint_former on former_fingerprint (former);

insert into former_fingerprint (cluster_id, former)
select cluster_id, fingerprint from finding union select cluster_id, fingerprint from finding_past;
`;

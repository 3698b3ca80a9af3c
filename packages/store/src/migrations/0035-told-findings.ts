/** Which findings each message tells of, and which readers of a mail have not got it yet. */
export const TOLD_FINDINGS = `
alter table delivery
  -- Of a mail that some readers have: those who have not; null for everybody.
  add column left_to text[];

create table told_finding (
  delivery_id bigint not null references delivery on delete cascade,
  fingerprint uuid not null,
  primary key (delivery_id, fingerprint)
);
-- As queries ask for a message.
create index delivery_message on delivery ((message_id::text));
`;

/** Browsers in which somebody has signed in, whose wrong passwords are counted by themselves. */
export const DEVICES = `
-- One cookie may be known for several users of the same browser.
create table device (
  hash bytea not null,
  user_id int not null references app_user on delete cascade,
  failures int not null default 0,
  failed_at timestamptz,
  expires timestamptz not null,
  primary key (hash, user_id)
);
create index device_user on device (user_id);
`;

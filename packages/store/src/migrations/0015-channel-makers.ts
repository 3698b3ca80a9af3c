/** Who made a channel; null for those that are older. */
export const CHANNEL_MAKERS = `
alter table channel add column created_by text;
`;

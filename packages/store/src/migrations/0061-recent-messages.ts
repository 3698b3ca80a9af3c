/** How much a route has told lately is found without all that it ever told. */
export const RECENT_MESSAGES = `
create index delivery_recent on delivery (route_id, at);
`;

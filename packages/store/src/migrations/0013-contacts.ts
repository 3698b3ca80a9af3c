/** How the owner of a workload is reached, as it is now; null where nothing says. */
export const CONTACTS = `
alter table resource add column contacts text[];
`;

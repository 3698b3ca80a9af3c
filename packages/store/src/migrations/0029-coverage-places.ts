/**
 * The namespace of the object that an entry of coverage tells of; null for what is of the whole cluster. What controls could not
 * judge is written anew in a moment; until then nobody who has limits is told of it.
 */
export const COVERAGE_PLACES = `
alter table coverage add column namespace text collate "C";
update coverage set namespace = '' where code = 'control-error';
`;

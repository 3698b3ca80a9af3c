/**
 * Pages of findings are filled: findings come and go far more often than they change, and what goes leaves room for one that
 * comes only where none of the page is held back for changes.
 */
export const DENSE_FINDINGS = `
alter table finding set (fillfactor = 100);
`;
